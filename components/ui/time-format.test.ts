import { describe, expect, it } from 'vitest';
import { formatClock, formatDay, formatExact, formatMinute, formatRelative } from './time-format';

const AT = Date.UTC(2026, 2, 3, 13, 32, 8, 412);

describe('formatRelative', () => {
  it.each([
    [2_000, 'just now'],
    [42_000, '42 s ago'],
    [3 * 60_000, '3 min ago'],
    [26 * 3_600_000, '26 h ago'],
    [5 * 86_400_000, '5 days ago'],
    [-2 * 3_600_000, 'in 2 h'],
  ])('tells what happened %s ms ago as "%s"', (agoMs, text) => {
    expect(formatRelative(AT, AT + agoMs)).toBe(text);
  });
});

describe('formats in the zone given', () => {
  it('shows the clock with milliseconds', () => {
    expect(formatClock(AT, 'Europe/Berlin')).toBe('14:32:08.412');
    expect(formatClock(AT, 'UTC')).toBe('13:32:08.412');
  });

  it('shows axis labels and the whole moment', () => {
    expect(formatMinute(AT, 'UTC')).toBe('13:32');
    expect(formatDay(AT, 'UTC')).toBe('3 Mar');
    expect(formatExact(AT, 'UTC')).toBe('3 Mar 2026, 13:32:08 UTC');
  });
});
