import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appraisalSchema, EVIDENCE_CODES, RESPONSES, THREATS, VERDICTS } from '@/lib/contracts';
import { appraise, compilePolicy } from './index';
import { ANDROID, DAY_SECONDS, DEMANDING, IOS, LENIENT, NOW_MS, policyOf } from './testing';

describe('an appraisal, whatever the policy and the attestation', () => {
  const threatId = fc.constantFrom(...THREATS.map(({ id }) => id));
  const policies = fc
    .tuple(fc.dictionary(threatId, fc.constantFrom(...RESPONSES)), fc.constantFrom(LENIENT, DEMANDING))
    .map(([threats, requirements]) => policyOf(threats, requirements));
  const inputs = fc.record({
    claims: fc.constantFrom(null, ANDROID, IOS, { ...ANDROID, boot: null }),
    failure: fc.option(fc.constantFrom(...EVIDENCE_CODES), { freq: 4 }),
    runtimeThreats: fc.array(threatId, { maxLength: 5 }),
    serverThreats: fc.array(threatId, { maxLength: 2 }),
    appVersion: fc.record({ registered: fc.boolean(), withdrawn: fc.boolean() }),
    evidenceAgeSeconds: fc.nat(100 * DAY_SECONDS),
    nowMs: fc.constant(NOW_MS),
  });
  const rank = (verdict: (typeof VERDICTS)[number]) => VERDICTS.indexOf(verdict);

  it('one more threat never improves the verdict', () => {
    fc.assert(
      fc.property(policies, inputs, threatId, fc.boolean(), (policy, input, extra, atRuntime) => {
        const compiled = compilePolicy(policy);
        const before = appraise(compiled, input);
        const member = atRuntime ? 'runtimeThreats' : 'serverThreats';
        const after = appraise(compiled, { ...input, [member]: [extra, ...input[member]] });
        expect(rank(after.verdict)).toBeGreaterThanOrEqual(rank(before.verdict));
      }),
      { numRuns: 500 },
    );
  });

  it('the order of the report does not matter, and the same question gets the same answer', () => {
    fc.assert(
      fc.property(policies, inputs, (policy, input) => {
        const compiled = compilePolicy(policy);
        const reversed = { ...input, runtimeThreats: [...input.runtimeThreats].reverse() };
        expect(appraise(compiled, reversed)).toEqual(appraise(compiled, input));
      }),
      { numRuns: 200 },
    );
  });

  it('applying the smallest flip gives exactly the promised, better verdict', () => {
    fc.assert(
      fc.property(policies, inputs, (policy, input) => {
        const before = appraise(compilePolicy(policy), input);
        if (before.smallestFlip === null) return;
        const threats = { ...policy.threats };
        for (const { threat, to } of before.smallestFlip.changes) threats[threat] = to;
        const after = appraise(compilePolicy({ ...policy, threats }), input);
        expect(after.verdict).toBe(before.smallestFlip.verdict);
        expect(rank(after.verdict)).toBeLessThan(rank(before.verdict));
      }),
      { numRuns: 500 },
    );
  });

  it('every outcome fits the contract, and nothing is trusted without verified claims', () => {
    fc.assert(
      fc.property(policies, inputs, (policy, input) => {
        const appraisal = appraise(compilePolicy(policy), input);
        expect(appraisalSchema.parse(appraisal)).toEqual(appraisal);
        if (input.claims === null || input.failure !== null) expect(appraisal.verdict).toBe('rejected');
      }),
      { numRuns: 300 },
    );
  });
});
