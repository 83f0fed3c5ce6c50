import { describe, expect, it } from 'vitest';
import { judgeGroups, tripWords } from './guardrail';

const RULE = { maxIncrease: 0.02, minDevices: 50 };
const group = (rejected: number, devices: number) => ({ rejected, devices });

describe('the guardrail', () => {
  it.each([
    [group(49, 49), group(0, 1_000), false],
    [group(50, 50), group(0, 49), false],
    [group(50, 50), group(0, 50), true],
    [group(2, 100), group(1, 100), false],
    [group(20, 100), group(1, 100), true],
    [group(2, 50), group(0, 5_000), false],
    [group(3, 50), group(0, 5_000), true],
    [group(25, 1_000), group(0, 99_000), false],
    [group(40, 1_000), group(0, 99_000), true],
    [group(500, 1_000), group(500, 1_000), false],
    [group(0, 1_000), group(900, 1_000), false],
  ])('of %j against %j trips: %s', (candidate, control, isTripped) => {
    expect(judgeGroups(RULE, candidate, control).isTripped).toBe(isTripped);
  });

  it('has the interval that Newcombe published for 56 of 70 against 48 of 80', () => {
    const { increase } = judgeGroups(RULE, group(56, 70), group(48, 80));
    expect(increase?.value).toBeCloseTo(0.2, 4);
    expect(increase?.low).toBeCloseTo(0.0524, 4);
    expect(increase?.high).toBeCloseTo(0.3339, 4);
  });

  it('says why in figures', () => {
    const figures = judgeGroups(RULE, group(20, 100), group(1, 100));
    expect(tripWords(figures, RULE)).toBe(
      'The guardrail stopped it: 20 of 100 devices rejected, 1 of 100 in the control group. That is 19.0 percentage ' +
        'points more (95 % interval 11.0 to 27.9), and at most 2.0 are allowed.',
    );
  });
});
