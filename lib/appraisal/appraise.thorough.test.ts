import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appraisalSchema,
  type Policy,
  policySchema,
  RESPONSES,
  type Response,
  VERDICTS,
} from '@/lib/contracts';
import { appraise, compilePolicy, judge } from './index';
import { inputArbitrary, policyArbitrary, quarantinesArbitrary, threatArbitrary } from './testing';

const rank = (verdict: (typeof VERDICTS)[number]) => VERDICTS.indexOf(verdict);

/** The policy with another response in one place, named as a change of the smallest flip names it. */
function edited(policy: Policy, rule: string, threat: string, to: Response): Policy {
  const [kind, id] = [rule.slice(0, rule.indexOf('.')), rule.slice(rule.indexOf('.') + 1)];
  const change = <Item extends { id: string; response: Response }>(list: Item[] | undefined) =>
    list?.map((item) => (item.id === id ? { ...item, response: to } : item));
  if (kind === 'condition') return { ...policy, conditions: change(policy.conditions) };
  if (kind === 'rule') return { ...policy, rules: change(policy.rules) };
  return { ...policy, threats: { ...policy.threats, [threat]: to } };
}

/** Every place of a policy that holds a response, with that response. */
function places(policy: Policy): { rule: string; threat: string; response: Response }[] {
  return [
    ...Object.entries(policy.threats).map(([threat, response]) => ({
      ...{ rule: `threat.${threat}`, threat, response },
    })),
    ...(policy.conditions ?? []).map(({ id, threat, response }) => ({
      ...{ rule: `condition.${id}`, threat, response },
    })),
    ...(policy.rules ?? []).map(({ id, response }) => ({
      rule: `rule.${id}`,
      threat: 'policy_rule',
      response,
    })),
  ];
}

describe('an appraisal, whatever the policy and the attestation', () => {
  it('is judged under policies that the schema admits', () => {
    fc.assert(
      fc.property(policyArbitrary, (policy) => {
        expect(policySchema.safeParse(policy).error?.issues ?? []).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('one more threat never improves the verdict, where no rule asks for the absence of one', () => {
    fc.assert(
      fc.property(
        policyArbitrary,
        inputArbitrary,
        threatArbitrary,
        fc.boolean(),
        (any, input, extra, atRuntime) => {
          const compiled = compilePolicy({ ...any, rules: [] });
          const before = appraise(compiled, input);
          const member = atRuntime ? 'runtimeThreats' : 'serverThreats';
          const after = appraise(compiled, { ...input, [member]: [extra, ...input[member]] });
          expect(rank(after.verdict)).toBeGreaterThanOrEqual(rank(before.verdict));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a stricter response, anywhere in the policy, never makes the verdict milder', () => {
    fc.assert(
      fc.property(
        policyArbitrary,
        quarantinesArbitrary,
        inputArbitrary,
        fc.nat(),
        fc.nat(),
        (policy, quarantines, input, which, harder) => {
          const all = places(policy);
          const place = all[which % Math.max(1, all.length)];
          if (place === undefined) return;
          const stricter = RESPONSES.slice(RESPONSES.indexOf(place.response) + 1);
          const to = stricter[harder % Math.max(1, stricter.length)];
          if (to === undefined) return;
          const before = appraise(compilePolicy(policy, quarantines), input);
          const next = edited(policy, place.rule, place.threat, to);
          const after = appraise(compilePolicy(next, quarantines), input);
          expect(rank(after.verdict)).toBeGreaterThanOrEqual(rank(before.verdict));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('the order of the report does not matter, and the same question gets the same answer', () => {
    fc.assert(
      fc.property(policyArbitrary, quarantinesArbitrary, inputArbitrary, (policy, quarantines, input) => {
        const reversed = { ...input, runtimeThreats: [...input.runtimeThreats].reverse() };
        const answer = appraise(compilePolicy(policy, quarantines), input);
        expect(appraise(compilePolicy(policy, quarantines), reversed)).toEqual(answer);
        const { verdict, worst } = judge(compilePolicy(policy, quarantines), input);
        expect(verdict).toBe(answer.verdict);
        if (verdict !== 'trusted') expect(worst?.match.rule).toBe(answer.decidingRule);
      }),
      { numRuns: 300 },
    );
  });

  it('applying the smallest flip gives exactly the promised, better verdict', () => {
    fc.assert(
      fc.property(policyArbitrary, quarantinesArbitrary, inputArbitrary, (policy, quarantines, input) => {
        const before = appraise(compilePolicy(policy, quarantines), input);
        if (before.smallestFlip === null) return;
        const next = before.smallestFlip.changes.reduce(
          (changed, { rule, threat, to }) => edited(changed, rule, threat, to),
          policy,
        );
        const after = appraise(compilePolicy(next, quarantines), input);
        expect(after.verdict).toBe(before.smallestFlip.verdict);
        expect(rank(after.verdict)).toBeLessThan(rank(before.verdict));
      }),
      { numRuns: 1_000 },
    );
  });

  it('a quarantine never makes the verdict worse, and lifts no failed evidence', () => {
    fc.assert(
      fc.property(policyArbitrary, quarantinesArbitrary, inputArbitrary, (policy, quarantines, input) => {
        const without = appraise(compilePolicy(policy), input);
        const verdict = appraise(compilePolicy(policy, quarantines), input).verdict;
        expect(rank(verdict)).toBeLessThanOrEqual(rank(without.verdict));
        if (input.claims === null || input.failure !== null) expect(verdict).toBe('rejected');
      }),
      { numRuns: 500 },
    );
  });

  it('every outcome fits the contract, and nothing is trusted without verified claims', () => {
    fc.assert(
      fc.property(policyArbitrary, quarantinesArbitrary, inputArbitrary, (policy, quarantines, input) => {
        const appraisal = appraise(compilePolicy(policy, quarantines), input);
        expect(appraisalSchema.parse(appraisal)).toEqual(appraisal);
        if (input.claims === null || input.failure !== null) expect(appraisal.verdict).toBe('rejected');
        if (input.appVersion.belowMinimum) expect(appraisal.verdict).toBe('rejected');
      }),
      { numRuns: 300 },
    );
  });
});
