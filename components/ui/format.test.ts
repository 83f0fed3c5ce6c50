import { describe, expect, it } from 'vitest';
import { formatChange, formatCount, formatDuration, formatPercent, formatPoints, plural } from './format';

const S = '\u202f';

describe('formatPercent', () => {
  it.each([
    [0.968, `96.8${S}%`],
    [1, `100${S}%`],
    [0, `0${S}%`],
    [0.9999, `>${S}99.9${S}%`],
    [0.0001, `<${S}0.1${S}%`],
    [null, '–'],
  ])('shows %s as "%s", never rounding a rest away', (share, text) => {
    expect(formatPercent(share)).toBe(text);
  });
});

describe('formatChange', () => {
  it.each([
    [138, 100, `+38${S}%`],
    [98, 100, `−2.0${S}%`],
    [100, 100, `0${S}%`],
    [100, null, null],
    [100, 0, null],
  ])('compares %s with %s as %s', (now, previous, text) => {
    expect(formatChange(now, previous)).toBe(text);
  });
});

describe('other figures', () => {
  it('shows differences of shares in points', () => {
    expect(formatPoints(0.968, 0.987)).toBe('−1.9 pt');
    expect(formatPoints(0.5, null)).toBeNull();
  });

  it('shows durations in the unit that a person would use', () => {
    expect([84, 1_240, 180_000, 7_200_000, 400_000_000].map(formatDuration)).toEqual([
      '84 ms',
      '1.2 s',
      '3 min',
      '2 h',
      '5 days',
    ]);
  });

  it('groups thousands and inflects units', () => {
    expect(formatCount(31_482)).toBe('31,482');
    expect([plural(1, 'device'), plural(2, 'device'), plural(2, 'entry', 'entries')]).toEqual([
      '1 device',
      '2 devices',
      '2 entries',
    ]);
  });
});
