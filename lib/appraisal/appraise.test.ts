import { describe, expect, it } from 'vitest';
import {
  appraisalSchema,
  EVIDENCE_CODES,
  HARD_THREATS,
  type Policy,
  RESPONSES,
  type Response,
  THREATS,
  VERDICT_OF_RESPONSE,
} from '@/lib/contracts';
import { type AppraisalInput, appraise, compilePolicy, threatOfEvidenceCode } from './index';
import { ANDROID, BOOT, DAY_SECONDS, DEMANDING, IOS, inputOf, LENIENT, policyOf } from './testing';

const HARD = new Set<string>(HARD_THREATS);
const SOFT_IDS = THREATS.map(({ id }) => id).filter((id) => !HARD.has(id));

function judge(policy: Policy, changes: Partial<AppraisalInput> = {}) {
  const appraisal = appraise(compilePolicy(policy), inputOf(changes));
  expect(appraisalSchema.parse(appraisal)).toEqual(appraisal);
  return appraisal;
}

const everyThreat = (response: Response) => Object.fromEntries(THREATS.map(({ id }) => [id, response]));

describe('a clean attestation', () => {
  it.each([
    ['Android', ANDROID],
    ['iOS', IOS],
  ])('is trusted on %s and affirmed by the vector', (_name, claims) => {
    const appraisal = judge(policyOf(everyThreat('reject'), DEMANDING), { claims });
    expect(appraisal).toMatchObject({
      verdict: 'trusted',
      decidingRule: null,
      decidingThreat: null,
      matched: [],
      smallestFlip: null,
      annotations: [],
    });
    expect(appraisal.vector).toMatchObject({ 'instance-identity': 2, hardware: 2, executables: 2 });
    expect(Object.values(appraisal.vector).every((value) => value <= 31)).toBe(true);
  });
});

describe('each threat under each response', () => {
  const rows = SOFT_IDS.flatMap((id) => RESPONSES.map((response) => ({ id, response })));
  it.each(rows)('$id, $response: the verdict is the response’s', ({ id, response }) => {
    const verdict = VERDICT_OF_RESPONSE[response];
    for (const source of ['runtimeThreats', 'serverThreats'] as const) {
      const appraisal = judge(policyOf({ [id]: response }), { [source]: [id] });
      expect(appraisal.verdict).toBe(verdict);
      expect(appraisal.decidingRule).toBe(verdict === 'trusted' ? null : `threat.${id}`);
      expect(appraisal.matched.map(({ threat }) => threat)).toEqual(response === 'ignore' ? [] : [id]);
    }
  });

  it.each(rows)(
    '$id, $response: the worst entry of the vector is of the verdict’s tier',
    ({ id, response }) => {
      const { vector } = judge(policyOf({ [id]: response }), { runtimeThreats: [id] });
      const worst = Math.max(...Object.values(vector));
      const [least, most] = {
        ignore: [0, 31],
        observe: [0, 31],
        flag: [32, 95],
        restrict: [32, 95],
        reject: [96, 127],
      }[response] as [number, number];
      expect(worst).toBeGreaterThanOrEqual(least);
      expect(worst).toBeLessThanOrEqual(most);
      const member = THREATS.find((threat) => threat.id === id)?.vector;
      if (least > 31 && member !== undefined) expect(vector[member]).toBeGreaterThanOrEqual(32);
    },
  );

  it('is observed where the policy does not list it', () => {
    const appraisal = judge(policyOf({}), { runtimeThreats: ['hooks'] });
    expect(appraisal.matched).toMatchObject([{ threat: 'hooks', response: 'observe' }]);
    expect(appraisal.verdict).toBe('trusted');
  });
});

describe('the lattice', () => {
  it('lets the worst response win and orders the matches by it, then by the catalogue', () => {
    const policy = policyOf({
      screenshot: 'flag',
      hooks: 'restrict',
      debugger: 'restrict',
      malware: 'observe',
    });
    const appraisal = judge(policy, { runtimeThreats: ['malware', 'screenshot', 'debugger', 'hooks'] });
    expect(appraisal.matched.map(({ threat }) => threat)).toEqual([
      'hooks',
      'debugger',
      'screenshot',
      'malware',
    ]);
    expect(appraisal).toMatchObject({ verdict: 'restricted', decidingRule: 'threat.hooks' });
  });

  it('counts a threat with several causes once, told by the best proven one', () => {
    const policy = policyOf({ bootloader_unlocked: 'flag' }, DEMANDING);
    const claims = { ...ANDROID, boot: { ...BOOT, deviceLocked: false } };
    const appraisal = judge(policy, {
      claims,
      runtimeThreats: ['bootloader_unlocked', 'bootloader_unlocked'],
    });
    expect(appraisal.matched).toHaveLength(1);
    expect(appraisal.decidingRule).toBe('requirement.verifiedBoot');
  });

  it('writes annotations of what is not ignored, once each', () => {
    const annotations = { hooks: 'tampered', debugger: 'tampered', screenshot: 'seen', malware: 'm' };
    const policy = policyOf({ hooks: 'flag', debugger: 'flag', malware: 'ignore' }, LENIENT, annotations);
    const appraisal = judge(policy, { runtimeThreats: ['screenshot', 'debugger', 'hooks', 'malware'] });
    expect(appraisal.annotations).toEqual(['tampered', 'seen']);
  });
});

describe('hard threats', () => {
  it.each([...HARD_THREATS])('%s rejects under every policy and cannot be flipped', (id) => {
    for (const response of RESPONSES) {
      for (const source of ['runtimeThreats', 'serverThreats'] as const) {
        const appraisal = judge(policyOf(everyThreat(response)), { [source]: [id] });
        expect(appraisal).toMatchObject({ verdict: 'rejected', decidingThreat: id, smallestFlip: null });
      }
    }
  });
});

describe('failed or missing evidence', () => {
  it.each([...EVIDENCE_CODES])('%s rejects under the most lenient policy', (failure) => {
    for (const claims of [null, ANDROID]) {
      const appraisal = judge(policyOf(everyThreat('ignore')), { claims, failure });
      expect(appraisal).toMatchObject({
        verdict: 'rejected',
        decidingRule: `evidence.${failure}`,
        decidingThreat: threatOfEvidenceCode(failure),
        smallestFlip: null,
      });
      expect(Math.max(...Object.values(appraisal.vector))).toBeGreaterThanOrEqual(96);
    }
  });

  it('maps every code to a threat of the catalogue', () => {
    const known = new Set(THREATS.map(({ id }) => id));
    expect(EVIDENCE_CODES.filter((code) => !known.has(threatOfEvidenceCode(code)))).toEqual([]);
  });

  it('rejects where there are no claims and no failure', () => {
    const appraisal = judge(policyOf(everyThreat('ignore')), { claims: null });
    expect(appraisal).toMatchObject({ verdict: 'rejected', decidingThreat: 'evidence_untrusted' });
  });

  it('offers no flip for a soft rejection while nothing is proven', () => {
    const appraisal = judge(policyOf({ hooks: 'reject' }), { claims: null, runtimeThreats: ['hooks'] });
    expect(appraisal).toMatchObject({ verdict: 'rejected', smallestFlip: null });
  });

  it('leaves the deciding threat to the service where it refused before verification', () => {
    const appraisal = judge(policyOf({}), { claims: null, serverThreats: ['blocked'] });
    expect(appraisal.matched.map(({ threat }) => threat)).toEqual(['blocked']);
  });

  it('rejects a threat id that is not in the catalogue', () => {
    expect(judge(policyOf({}), { runtimeThreats: ['constructor'] }).decidingThreat).toBe(
      'evidence_malformed',
    );
  });
});

describe('requirements', () => {
  const misses: { threat: string; requirement: string; changes: Partial<AppraisalInput> }[] = [
    {
      threat: 'development_environment',
      requirement: 'environment',
      changes: { claims: { ...IOS, environment: 'development' } },
    },
    {
      threat: 'software_attestation',
      requirement: 'securityLevel',
      changes: { claims: { ...ANDROID, securityLevel: 'software' } },
    },
    {
      threat: 'bootloader_unlocked',
      requirement: 'verifiedBoot',
      changes: { claims: { ...ANDROID, boot: { ...BOOT, deviceLocked: false } } },
    },
    {
      threat: 'verified_boot_failed',
      requirement: 'verifiedBoot',
      changes: { claims: { ...ANDROID, boot: { ...BOOT, state: 'self_signed' } } },
    },
    {
      threat: 'verified_boot_failed',
      requirement: 'verifiedBoot',
      changes: { claims: { ...ANDROID, boot: null } },
    },
    ...[
      null,
      '2025-10',
      '2025-11-14',
      '2027-06',
      'never',
      '2025-99',
      '2026-00',
      '2026-10-00',
      '2026-10-32',
      '2026/10',
      '2026-1a',
      '202610',
      '',
    ].map((osPatchLevel) => ({
      threat: 'patch_level_stale',
      requirement: 'maxPatchAgeDays',
      changes: { claims: { ...ANDROID, osPatchLevel } },
    })),
    ...[30 * DAY_SECONDS + 1, Number.NaN].map((evidenceAgeSeconds) => ({
      threat: 'evidence_stale',
      requirement: 'maxEvidenceAgeSeconds',
      changes: { evidenceAgeSeconds },
    })),
    {
      threat: 'device_binding',
      requirement: 'maxAttestedKeys',
      changes: { claims: { ...IOS, attestedKeys: 6 } },
    },
    ...[
      { registered: false, withdrawn: false },
      { registered: true, withdrawn: true },
    ].map((appVersion) => ({
      threat: 'app_version_unknown',
      requirement: 'registeredVersion',
      changes: { appVersion },
    })),
  ];

  it.each(misses)(
    '$requirement that is missed raises $threat ($changes)',
    ({ threat, requirement, changes }) => {
      const appraisal = judge(policyOf({ [threat]: 'restrict' }, DEMANDING), changes);
      expect(appraisal).toMatchObject({
        verdict: 'restricted',
        decidingThreat: threat,
        decidingRule: `requirement.${requirement}`,
      });
      expect(appraisal.matched.map((match) => match.threat)).toEqual([threat]);
    },
  );

  it.each(misses)('$requirement that is not in force raises nothing ($changes)', ({ changes }) => {
    expect(judge(policyOf(everyThreat('reject'), LENIENT), changes).matched).toEqual([]);
  });

  it.each(['2025-11-15', '2025-12', '2026-11', '2026-12-31'])(
    'accepts the patch level %s',
    (osPatchLevel) => {
      const claims = { ...ANDROID, osPatchLevel };
      expect(judge(policyOf(everyThreat('reject'), DEMANDING), { claims }).verdict).toBe('trusted');
    },
  );

  it('accepts a device with as many attested keys as allowed, and one whose count is not known', () => {
    for (const claims of [{ ...IOS, attestedKeys: 5 }, IOS])
      expect(judge(policyOf(everyThreat('reject'), DEMANDING), { claims }).verdict).toBe('trusted');
    const silent = { ...IOS, attestedKeys: 1_000 };
    const { maxAttestedKeys: _, ...older } = DEMANDING;
    expect(judge(policyOf(everyThreat('reject'), older), { claims: silent }).verdict).toBe('trusted');
  });

  it('accepts evidence exactly as old as allowed', () => {
    const changes = { evidenceAgeSeconds: 30 * DAY_SECONDS };
    expect(judge(policyOf(everyThreat('reject'), DEMANDING), changes).verdict).toBe('trusted');
  });

  it('does not affirm what a lenient policy leaves unasked', () => {
    const claims = { ...ANDROID, securityLevel: 'software', boot: { ...BOOT, deviceLocked: false } } as const;
    const { vector } = judge(policyOf({}), { claims });
    expect(vector).toMatchObject({ hardware: 0, 'storage-opaque': 0, configuration: 0, executables: 0 });
  });

  it('says hardware 97 for a software key and 32 for old patches', () => {
    const policy = policyOf({ software_attestation: 'reject', patch_level_stale: 'flag' }, DEMANDING);
    const software = judge(policy, { claims: { ...ANDROID, securityLevel: 'software' } });
    expect(software.vector).toMatchObject({ hardware: 97, 'storage-opaque': 32 });
    const old = judge(policy, { claims: { ...ANDROID, osPatchLevel: '2020-01' } });
    expect(old.vector).toMatchObject({ hardware: 32, configuration: 32 });
  });
});

describe('the smallest flip', () => {
  it('is one step of the one deciding threat', () => {
    const policy = policyOf({ hooks: 'reject', screenshot: 'flag' });
    const { smallestFlip } = judge(policy, { runtimeThreats: ['hooks', 'screenshot'] });
    expect(smallestFlip).toEqual({
      changes: [{ rule: 'threat.hooks', threat: 'hooks', from: 'reject', to: 'restrict' }],
      verdict: 'restricted',
    });
  });

  it('is the whole set where several threats are equally bad', () => {
    const policy = policyOf({ hooks: 'flag', debugger: 'flag' });
    const { smallestFlip } = judge(policy, { runtimeThreats: ['hooks', 'debugger'] });
    expect(smallestFlip?.changes.map(({ threat }) => threat)).toEqual(['hooks', 'debugger']);
    expect(smallestFlip?.verdict).toBe('trusted');
  });

  it('is none where a hard threat stands beside a soft one', () => {
    const policy = policyOf({ hooks: 'reject' });
    expect(judge(policy, { runtimeThreats: ['hooks'], serverThreats: ['blocked'] }).smallestFlip).toBeNull();
  });
});
