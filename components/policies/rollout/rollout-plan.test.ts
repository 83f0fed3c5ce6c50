import { describe, expect, it } from 'vitest';
import { guardrailSchema, rolloutPlanSchema } from '@/lib/contracts';
import { HOLDS, holdId, PLANNED_STAGES, PLANS, readGuardrail, USUAL_GUARDRAIL } from './rollout-plan';

describe('a plan', () => {
  it('is one that the server takes, of lengths that can be chosen one by one', () => {
    for (const { plan } of PLANS) {
      expect(rolloutPlanSchema.parse(plan)).toEqual(plan);
      for (const stage of PLANNED_STAGES) expect(holdId(plan[stage])).not.toBe('');
    }
    for (const { seconds } of HOLDS) {
      expect(rolloutPlanSchema.safeParse({ ...PLANS[0]?.plan, observe: seconds }).success).toBe(true);
    }
  });
});

describe('the form of a guardrail', () => {
  it('begins with what the server would take where nothing is stated', () => {
    const { guardrail, problems } = readGuardrail(USUAL_GUARDRAIL);
    expect(guardrail).toEqual(guardrailSchema.parse({}));
    expect(problems).toEqual({});
  });

  it.each([
    [{ maxIncrease: '', minDevices: '50' }, ['maxIncrease']],
    [{ maxIncrease: '101', minDevices: '4' }, ['maxIncrease', 'minDevices']],
    [{ maxIncrease: '-1', minDevices: '5.5' }, ['maxIncrease', 'minDevices']],
    [{ maxIncrease: 'two', minDevices: '' }, ['maxIncrease', 'minDevices']],
  ])('says of %o what is wrong with %o', (form, fields) => {
    expect(Object.keys(readGuardrail(form).problems)).toEqual(fields);
  });
});
