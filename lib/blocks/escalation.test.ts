import { describe, expect, test } from 'vitest';
import { escalatedSeconds, suggestedSeconds } from './escalation';

const DAY = 86_400;

describe('the length of a block', () => {
  test('that is suggested grows with each repetition, until it has no end', () => {
    expect([0, 1, 2, 3, 9].map(suggestedSeconds)).toEqual([DAY, 7 * DAY, 30 * DAY, null, null]);
  });

  test('of a rule grows from what the rule says, never falls, and always ends', () => {
    expect([0, 1, 2, 3, 4, 99].map((offences) => escalatedSeconds(3_600, offences))).toEqual([
      3_600,
      DAY,
      7 * DAY,
      30 * DAY,
      30 * DAY,
      30 * DAY,
    ]);
    expect([0, 1, 2].map((offences) => escalatedSeconds(2 * DAY, offences))).toEqual([
      2 * DAY,
      7 * DAY,
      30 * DAY,
    ]);
    expect([0, 1].map((offences) => escalatedSeconds(30 * DAY, offences))).toEqual([30 * DAY, 30 * DAY]);
  });
});
