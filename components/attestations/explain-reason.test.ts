import { describe, expect, it } from 'vitest';
import type { Appraisal, Explanation } from '@/lib/contracts';
import { prepareReason, type Span, summariseChecks } from './explain-reason';
import { row } from './testing/rows';

const TITLES = { hooks: 'Hooking framework attached', bootloader_unlocked: 'Bootloader unlocked' };
const text = (spans: readonly Span[] | null) => spans?.map((span) => span.text).join('');

function explanation(changes: Partial<Appraisal>, verdict: Explanation['row']['verdict']): Explanation {
  const vector = {
    'instance-identity': 2,
    configuration: 0,
    executables: 0,
    'file-system': 0,
    hardware: 2,
    'runtime-opaque': 96,
    'storage-opaque': 0,
    'sourced-data': 0,
  };
  const appraisal: Appraisal = {
    verdict,
    decidingRule: null,
    decidingThreat: null,
    matched: [],
    vector,
    smallestFlip: null,
    annotations: [],
    ...changes,
  };
  return {
    row: row({ verdict }),
    format: 'android-key-attestation',
    decidingRule: appraisal.decidingRule,
    policyVersion: 12,
    latencyUs: 820,
    node: 'edge-fra-1',
    history: null,
    activeBlock: null,
    isEvidenceArchived: false,
    blocks: null,
    detail: {
      evidenceCode: null,
      checks: [],
      appraisal,
      signals: { found: [], clear: [], unknown: [] },
      claims: null,
      tokenId: null,
    },
  };
}

const HOOKS = { rule: 'threat.hooks', threat: 'hooks', response: 'reject' as const, reason: 'Found.' };

describe('prepareReason', () => {
  it('says which rule of which policy decided, and what would flip it', () => {
    const change = {
      rule: 'threat.hooks',
      threat: 'hooks',
      from: 'reject' as const,
      to: 'restrict' as const,
    };
    const reason = prepareReason(
      explanation(
        {
          decidingRule: 'threat.hooks',
          matched: [HOOKS],
          smallestFlip: { changes: [change], verdict: 'restricted' },
        },
        'rejected',
      ),
      TITLES,
    );
    expect(text(reason.decided)).toBe(
      'Hooking framework attached is set to reject in policy Retail Bank v12 (rule threat.hooks).',
    );
    expect(text(reason.flip)).toBe(
      'Smallest change that flips it: Hooking framework attached: reject → restrict. It would then be restricted.',
    );
  });

  it('tells the reason of a missed requirement before the setting', () => {
    const match = {
      rule: 'requirement.verifiedBoot',
      threat: 'bootloader_unlocked',
      response: 'flag' as const,
      reason: 'The bootloader is unlocked.',
    };
    const reason = prepareReason(
      explanation(
        {
          decidingRule: match.rule,
          matched: [match],
          smallestFlip: {
            changes: [{ rule: match.rule, threat: match.threat, from: 'flag', to: 'observe' }],
            verdict: 'trusted',
          },
        },
        'flagged',
      ),
      TITLES,
    );
    expect(text(reason.decided)).toMatch(/^The bootloader is unlocked\. Bootloader unlocked is set to flag/);
  });

  it('says so where no policy can change the verdict', () => {
    const reason = prepareReason(
      explanation({ decidingRule: HOOKS.rule, matched: [HOOKS] }, 'rejected'),
      TITLES,
    );
    expect(text(reason.decided)).toBe(
      'Hooking framework attached is always answered with reject (rule threat.hooks).',
    );
    expect(text(reason.flip)).toMatch(/^No policy changes this/);
  });

  it('wants no change of a trusted one, and says where something was only observed', () => {
    const observed = { ...HOOKS, response: 'observe' as const };
    const reason = prepareReason(explanation({ matched: [observed] }, 'trusted'), TITLES);
    expect(reason.flip).toBeNull();
    expect(text(reason.decided)).toBe('Policy Retail Bank v12 only observes what was found.');
    expect(text(prepareReason(explanation({}, 'trusted'), TITLES).decided)).toBe(
      'Nothing was found that policy Retail Bank v12 knows of.',
    );
  });
});

describe('summariseChecks', () => {
  it('counts outcomes and leaves out those that did not happen', () => {
    const check = (outcome: 'pass' | 'warn' | 'fail' | 'skip') => ({ id: 'x', outcome, detail: '' });
    expect(summariseChecks([check('pass'), check('pass'), check('warn'), check('warn'), check('fail')])).toBe(
      '2 passed · 2 warnings · 1 failed',
    );
  });
});
