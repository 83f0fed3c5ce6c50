import { describe, expect, test } from 'vitest';
import type { RetentionDays } from '@/lib/contracts';
import { loweredFields, retentionProblems } from './retention-rules';
import { expiringSpans } from './retention-spans';

const DAY_MS = 86_400_000;
const BEFORE: RetentionDays = { eventDays: 30, minuteDays: 7, hourDays: 400, addressDays: 30 };
const problems = (change: Partial<RetentionDays>, before = BEFORE) =>
  retentionProblems(before, { ...before, ...change });

describe('a new retention', () => {
  test('is fine at its bounds', () => {
    expect(problems({ eventDays: 1, minuteDays: 1, hourDays: 1, addressDays: 1 })).toEqual({});
    expect(problems({ eventDays: 400, minuteDays: 400, hourDays: 400, addressDays: 400 })).toEqual({});
  });

  test('is refused beyond them, each field with its reason', () => {
    expect(problems({ eventDays: 0, minuteDays: -1, addressDays: 401 })).toEqual({
      eventDays: 'must be at least 1: yesterday is always kept',
      minuteDays: 'must be at least 1: yesterday is always kept',
      addressDays: 'must be at most 400: no page looks further back',
    });
  });

  test('keeps counts by the hour for as long as what depends on them', () => {
    expect(problems({ hourDays: 29 })).toEqual({
      hourDays: 'must be at least 30, as for single events, which lists find by them',
    });
    expect(problems({ hourDays: 30, minuteDays: 31 })).toEqual({
      hourDays: 'must be at least 31, as for counts by the minute',
    });
    const short = { ...BEFORE, hourDays: 30 };
    expect(problems({ eventDays: 31, minuteDays: 32 }, short)).toEqual({
      eventDays: 'must be at most 30, as for counts by the hour',
      minuteDays: 'must be at most 30, as for counts by the hour',
    });
    expect(problems({ hourDays: 20, eventDays: 20 })).toEqual({});
  });

  test('may leave as it is what an operator set beyond the bounds by hand', () => {
    const byHand = { eventDays: 0, minuteDays: 90, hourDays: 30, addressDays: 1_000 };
    expect(problems({ eventDays: 14 }, byHand)).toEqual({});
    expect(problems({ addressDays: 999 }, byHand)).toHaveProperty('addressDays');
    expect(problems({ minuteDays: 89 }, byHand)).toHaveProperty('minuteDays');
  });

  test('lowers what it keeps for less long', () => {
    expect(loweredFields(BEFORE, { eventDays: 29, minuteDays: 8, hourDays: 400, addressDays: 1 })).toEqual([
      'eventDays',
      'addressDays',
    ]);
  });
});

describe('what a change would delete', () => {
  const noon = Date.parse('2026-06-30T12:00:00Z');
  const ages = (change: Partial<RetentionDays>, since: Partial<Record<string, number | null>> = {}) => {
    const at = noon - 500 * DAY_MS;
    const stored = { events: at, minutes: at, hours: at, addresses: at, ...since };
    return expiringSpans(BEFORE, { ...BEFORE, ...change }, stored, noon).map(({ field, fromMs, toMs }) => {
      const age = (ms: number) => (Date.parse('2026-06-30T00:00:00Z') - ms) / DAY_MS;
      return [field, age(fromMs), age(toMs - DAY_MS)];
    });
  };

  test('is the whole days between the old and the new first day', () => {
    expect(ages({ eventDays: 14, minuteDays: 6, hourDays: 100 })).toEqual([
      ['eventDays', 30, 15],
      ['minuteDays', 7, 7],
      ['hourDays', 400, 101],
    ]);
  });

  test('is nothing where more is kept, or nothing as old is stored', () => {
    expect(ages({ eventDays: 31, minuteDays: 7 })).toEqual([]);
    expect(ages({ eventDays: 14 }, { events: null })).toEqual([]);
    expect(ages({ eventDays: 14 }, { events: noon - 14 * DAY_MS })).toEqual([]);
    expect(ages({ eventDays: 14 }, { events: noon - 20 * DAY_MS })).toEqual([['eventDays', 20, 15]]);
  });

  test('never reaches yesterday', () => {
    expect(ages({ eventDays: 0 })).toEqual([['eventDays', 30, 2]]);
  });

  test('tells of no addresses of events that go themselves, or were not kept', () => {
    expect(ages({ eventDays: 10, addressDays: 5 })).toEqual([
      ['eventDays', 30, 11],
      ['addressDays', 10, 6],
    ]);
    expect(ages({ eventDays: 10, addressDays: 20 })).toEqual([['eventDays', 30, 11]]);
  });
});
