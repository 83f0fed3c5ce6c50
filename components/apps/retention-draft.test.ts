import { describe, expect, it } from 'vitest';
import type { Retention, RetentionDays } from '@/lib/contracts';
import {
  draftOf,
  isChanged,
  isDefault,
  type RetentionDraft,
  readDraft,
  rebased,
  withDefaults,
} from './retention-draft';

const DEFAULTS: RetentionDays = { eventDays: 30, minuteDays: 7, hourDays: 400, addressDays: 30 };

function saved(days: Partial<RetentionDays> = {}, revision = 1): Retention {
  const of = (field: keyof RetentionDays) => ({
    days: days[field] ?? DEFAULTS[field],
    defaultDays: DEFAULTS[field],
    shortestDays: 1,
    longestDays: 400,
  });
  const fields = {
    eventDays: of('eventDays'),
    minuteDays: of('minuteDays'),
    hourDays: of('hourDays'),
    addressDays: of('addressDays'),
  };
  return { id: 'bank', revision, fields };
}

const typed = (base: Retention, texts: Partial<RetentionDraft['texts']>): RetentionDraft => ({
  base,
  texts: { ...draftOf(base).texts, ...texts },
});

describe('a draft of the retention', () => {
  it('is unchanged until something else stands in a field', () => {
    expect(isChanged(draftOf(saved()))).toBe(false);
    expect(isChanged(typed(saved(), { eventDays: ' 30 ' }))).toBe(false);
    expect(isChanged(typed(saved(), { eventDays: '14' }))).toBe(true);
    expect(isChanged(typed(saved(), { eventDays: '' }))).toBe(true);
  });

  it('is read as days, and complains of each field that is no whole number', () => {
    expect(readDraft(typed(saved(), { eventDays: ' 14 ', minuteDays: '-1' }))).toEqual({
      days: { ...DEFAULTS, eventDays: 14, minuteDays: -1 },
    });
    expect(readDraft(typed(saved(), { eventDays: '', minuteDays: '1.5', hourDays: '4e2' }))).toEqual({
      problems: {
        eventDays: 'must be a whole number of days',
        minuteDays: 'must be a whole number of days',
        hourDays: 'must be a whole number of days',
      },
    });
  });

  it('goes back to the defaults', () => {
    const draft = draftOf(saved({ eventDays: 14, hourDays: 90 }));
    expect([isDefault(draft), isDefault(withDefaults(draft))]).toEqual([false, true]);
    expect(withDefaults(draft).texts).toEqual({
      eventDays: '30',
      minuteDays: '7',
      hourDays: '400',
      addressDays: '30',
    });
  });

  it('keeps what was typed on top of what somebody else saved, and takes the rest over', () => {
    const draft = typed(saved(), { eventDays: '14' });
    const current = saved({ eventDays: 20, minuteDays: 3 }, 2);
    expect(rebased(draft, current)).toEqual(typed(current, { eventDays: '14' }));
    expect(isChanged(rebased(draft, saved({ eventDays: 14 }, 2)))).toBe(false);
  });
});
