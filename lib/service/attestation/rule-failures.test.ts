import { expect, it, vi } from 'vitest';
import { appraise, compilePolicy } from '@/lib/appraisal';
import { inputOf, policyOf } from '@/lib/appraisal/testing';
import { silentLogger } from '@/lib/core';
import { RuleFailures } from './rule-failures';

it('every rule that could not be evaluated is counted, and an error is logged for each once a minute', () => {
  const rules = ['1 / size(threats) == 1', 'platform == "ios"', 'version_at_least(model, "5")'].map(
    (expression, index) => ({
      id: `r${index}`,
      title: `Rule ${index}`,
      expression,
      response: 'flag' as const,
    }),
  );
  const appraisal = appraise(compilePolicy({ ...policyOf({}), schema: 2, rules }), inputOf());
  const error = vi.fn();
  const count = vi.fn();
  const failures = new RuleFailures({ ...silentLogger, error }, count);
  for (const nowMs of [0, 59_999, 60_000]) failures.observe('bank', 7, appraisal, nowMs);
  const failed = [
    ['bank', 'rule.r0'],
    ['bank', 'rule.r2'],
  ];
  expect(count.mock.calls).toEqual([...failed, ...failed, ...failed]);
  expect(error.mock.calls.map(([told]) => told)).toEqual(
    [...failed, ...failed].map(([appId, rule]) => ({
      ...{ appId, policyVersion: 7, rule },
      cause: rule === 'rule.r0' ? 'arithmetic' : 'not_a_version',
    })),
  );
});
