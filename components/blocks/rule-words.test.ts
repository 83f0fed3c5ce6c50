import { describe, expect, it } from 'vitest';
import { ruleWords, spansWith, WINDOWS } from './rule-words';

const RULE = {
  refusals: 5,
  windowSeconds: 600,
  subject: 'instance',
  effect: 'refuse',
  durationSeconds: 3_600,
  escalates: true,
} as const;

describe('a rule in words', () => {
  it('says when it acts, on what, and for how long', () => {
    expect(ruleWords(RULE)).toBe(
      'Refused 5 times within 10 minutes: block the device for 1 hour, longer each time',
    );
    expect(
      ruleWords({ ...RULE, refusals: 1, subject: 'hardware', effect: 'simulate', escalates: false }),
    ).toBe('Refused once within 10 minutes: simulate a block of its attestation key for 1 hour');
  });

  it('offers a span that is none of the usual ones where a rule has it', () => {
    expect(spansWith(WINDOWS, 600)).toBe(WINDOWS);
    expect(spansWith(WINDOWS, 77)[0]).toEqual({ seconds: 77, label: '77 seconds' });
  });
});
