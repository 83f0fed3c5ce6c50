import { describe, expect, it } from 'vitest';
import {
  advanceAct,
  flipsOf,
  guardrailWords,
  intervalBar,
  nextStage,
  outcomeOf,
  STAGES,
} from './rollout-words';

const guardrail = { maxIncrease: 0.02, minDevices: 50 };
const figures = (value: number, low: number, high: number, isTripped = false) => ({
  candidate: { devices: 100, rejected: 4 },
  control: { devices: 900, rejected: 9 },
  increase: { value, low, high },
  isTripped,
});

describe('what the guardrail concludes', () => {
  it('is nothing while too few devices were seen in either group', () => {
    const few = { ...figures(0, 0, 0), increase: null, candidate: { devices: 12, rejected: 0 } };
    expect(guardrailWords({ figures: few, guardrail })).toEqual({
      tone: 'unknown',
      text: 'Nothing is concluded yet: 12 of 50 devices seen in each group.',
    });
    expect(guardrailWords({ figures: null, guardrail }).text).toContain('0 of 50 devices');
  });

  it.each([
    [figures(0.001, -0.002, 0.01), 'trusted', 'within the limit'],
    [figures(0.03, -0.002, 0.08), 'flagged', 'too few devices yet to tell'],
    [figures(0.2, 0.12, 0.3, true), 'rejected', 'above the limit'],
  ])('tells %o from the limit as %s', (given, tone, words) => {
    const told = guardrailWords({ figures: given, guardrail });
    expect(told.tone).toBe(tone);
    expect(told.text).toContain(words);
    expect(told.text).toContain('the limit of +2.0 pt');
  });
});

describe('the interval bar', () => {
  it.each([
    [{ value: 0.001, low: -0.01, high: 0.012 }, 0.02],
    [{ value: 0.5, low: 0.4, high: 0.6 }, 0.02],
    [{ value: -0.5, low: -0.6, high: -0.4 }, 0],
    [{ value: 0, low: 0, high: 0 }, 0],
  ])('keeps %o and the limit in sight, in their order', (increase, limit) => {
    const bar = intervalBar(increase, limit);
    for (const at of Object.values(bar)) {
      expect(at).toBeGreaterThan(0);
      expect(at).toBeLessThan(1);
    }
    expect(bar.low).toBeLessThanOrEqual(bar.value);
    expect(bar.value).toBeLessThanOrEqual(bar.high);
  });
});

describe('stages', () => {
  it('lead from observing to all, and each act names the next one', () => {
    expect(STAGES.map(advanceAct)).toEqual([
      'Go on to 1 %',
      'Go on to 10 %',
      'Go on to 50 %',
      'Put into force',
      '',
    ]);
    expect(nextStage('100')).toBeUndefined();
  });

  it('tell a stop by a person from one by the guardrail', () => {
    const rollout = { state: 'stopped', stage: '10', endedBy: 'Avery' } as Parameters<typeof outcomeOf>[0];
    expect(outcomeOf(rollout).label).toBe('stopped at 10 % of devices');
    expect(outcomeOf({ ...rollout, endedBy: 'Guardrail' })).toEqual({
      label: 'reverted by its guardrail at 10 % of devices',
      tone: 'rejected',
    });
  });
});

it('verdicts that differ are counted by direction, and those that do not are none', () => {
  const shadow = {
    ...{ attestations: 100, since: '' },
    transitions: [
      { from: 'trusted', to: 'trusted', attestations: 90, devices: 80 },
      { from: 'trusted', to: 'rejected', attestations: 3, devices: 2 },
      { from: 'flagged', to: 'trusted', attestations: 7, devices: 7 },
    ],
  } as Parameters<typeof flipsOf>[0];
  expect(flipsOf(shadow)).toMatchObject({ stricter: 3, milder: 7, share: 0.1 });
  expect(flipsOf(shadow).flips.map(({ isStricter }) => isStricter)).toEqual([false, true]);
  expect(flipsOf({ ...shadow, attestations: 0, transitions: [] }).share).toBeNull();
});
