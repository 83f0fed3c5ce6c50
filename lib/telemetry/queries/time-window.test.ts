import { describe, expect, test } from 'vitest';
import { seriesPoints } from './series';
import { bucketStarts, isComparable, previousWindow, resolveWindow } from './time-window';

const NOW_MS = Date.parse('2026-03-01T12:34:56Z');
const named = (range: '15m' | '1h' | '6h' | '24h' | '7d' | '30d', tz = 0) =>
  resolveWindow({ range, tz }, NOW_MS);
const iso = (ms: number) => new Date(ms).toISOString();

describe('a window', () => {
  test.each([
    ['15m', 60, 'minute'],
    ['1h', 60, 'minute'],
    ['6h', 300, 'minute'],
    ['24h', 900, 'minute'],
    ['7d', 7_200, 'hour'],
    ['30d', 21_600, 'hour'],
  ] as const)('of %s has buckets of %i seconds, from the rollup by the %s', (range, seconds, rollup) => {
    const window = named(range);
    expect(window).toMatchObject({ bucketMs: seconds * 1000, rollup, toMs: NOW_MS });
    expect(bucketStarts(window).length).toBeLessThanOrEqual(121);
    expect(window.fromMs % window.bucketMs).toBe(0);
  });

  test('begins its buckets with the viewer’s hours and days', () => {
    expect(iso(named('30d', 120).fromMs)).toBe('2026-01-30T10:00:00.000Z');
    expect(iso(named('24h', 330).fromMs)).toBe('2026-02-28T12:30:00.000Z');
  });

  test.each([
    ['India', 330],
    ['Nepal', 345],
    ['Newfoundland', -210],
    ['the Chatham Islands', 765],
    ['Marquesas', -570],
  ])('begins its buckets with the hours of %s, also over weeks', (_, tz) => {
    for (const range of ['15m', '1h', '6h', '24h', '7d', '30d'] as const) {
      const window = named(range, tz);
      for (const startMs of bucketStarts(window)) {
        expect((startMs + tz * 60_000) % Math.min(window.bucketMs, 86_400_000)).toBe(0);
      }
      expect(window.fromMs).toBeLessThanOrEqual(NOW_MS);
    }
  });

  test('begins its buckets with whole hours where only hours are counted', () => {
    const window = resolveWindow({ range: '7d', tz: 330 }, NOW_MS, { byHour: true });
    expect(window.fromMs % 3_600_000).toBe(0);
    expect(resolveWindow({ range: '24h', tz: 330 }, NOW_MS, { byHour: true }).fromMs).toBe(
      named('24h', 330).fromMs,
    );
  });

  test.each([
    ['spring forward', '2026-03-29', 120],
    ['fall back', '2026-10-25', 60],
  ])('holds every instant of a day on which clocks %s once', (_, day, tz) => {
    const nowMs = Date.parse(`${day}T22:30:00Z`);
    for (const range of ['24h', '7d', '30d'] as const) {
      const window = resolveWindow({ range, tz }, nowMs);
      const starts = bucketStarts(window);
      for (const [index, startMs] of starts.entries()) {
        expect(startMs).toBe(window.fromMs + index * window.bucketMs);
      }
      expect((starts.at(-1) ?? 0) + window.bucketMs).toBeGreaterThanOrEqual(nowMs);
    }
  });

  test('takes both ends of an absolute range, and ends now at the latest', () => {
    const asked = {
      range: '24h' as const,
      tz: 0,
      from: '2026-03-01T10:00:00Z',
      to: '2026-03-01T11:00:00+00:00',
    };
    expect(iso(resolveWindow(asked, NOW_MS).toMs)).toBe('2026-03-01T11:00:00.000Z');
    expect(resolveWindow({ ...asked, to: '2027-01-01T00:00:00Z' }, NOW_MS).toMs).toBe(NOW_MS);
  });

  test('is refused where it is empty, in the future or longer than 400 days', () => {
    const at = (from: string, to: string) => () => resolveWindow({ range: '1h', tz: 0, from, to }, NOW_MS);
    for (const refused of [
      at('2026-03-01T10:00:00Z', '2026-03-01T10:00:00Z'),
      at('2026-04-01T10:00:00Z', '2026-05-01T10:00:00Z'),
      at('2024-03-01T10:00:00Z', '2026-03-01T10:00:00Z'),
    ]) {
      expect(refused).toThrow(expect.objectContaining({ code: 'request_invalid' }));
    }
  });

  test('is compared with one as long that ends where it begins', () => {
    const window = named('1h');
    const before = previousWindow(window);
    expect(before.toMs).toBe(window.fromMs);
    expect(before.toMs - before.fromMs).toBe(Math.ceil((window.toMs - window.fromMs) / 60_000) * 60_000);
  });
});

describe('the period before', () => {
  const before = previousWindow(resolveWindow({ range: '30d', tz: 0 }, NOW_MS));
  const lengthMs = before.toMs - before.fromMs;

  test.each([
    ['was on record before it began', -1, true],
    ['is on record but for its first hour', 3_600_000 / lengthMs, true],
    ['is on record but for its first tenth', 0.1, true],
    ['is on record for less than that', 0.11, false],
    ['is on record for its last hour', 1 - 3_600_000 / lengthMs, false],
    ['was over when recording began', 1.2, false],
  ])('that %s', (_name, share, expected) => {
    expect(isComparable(before, before.fromMs + share * lengthMs)).toBe(expected);
  });

  test('of nothing that was ever recorded is not compared with', () => {
    expect(isComparable(before, null)).toBe(false);
  });
});

describe('a series', () => {
  const window = resolveWindow({ range: '15m', tz: 0 }, NOW_MS);

  test('has a gap before the first event ever and zeros after it', () => {
    const firstMs = window.fromMs + 3 * 60_000;
    const points = seriesPoints(window, [{ index: 3, verdict: 'rejected', events: 2 }], firstMs);
    expect(points.slice(0, 3).map((point) => point.counts)).toEqual([null, null, null]);
    expect(points[3]?.counts).toEqual({ trusted: 0, flagged: 0, restricted: 0, rejected: 2 });
    expect(points[4]?.counts).toEqual({ trusted: 0, flagged: 0, restricted: 0, rejected: 0 });
  });

  test('is all gaps where nothing was ever recorded', () => {
    expect(seriesPoints(window, [], null).every((point) => point.counts === null)).toBe(true);
  });

  test('marks the bucket that the end of an absolute range cuts', () => {
    const asked = { range: '1h' as const, tz: 0, from: '2026-03-01T10:00:00Z', to: '2026-03-01T10:10:30Z' };
    const cut = resolveWindow(asked, NOW_MS);
    const points = seriesPoints(cut, [], cut.fromMs);
    expect(points.map((point) => point.incomplete)).toEqual([...Array(10).fill(false), true]);
  });

  test('marks the bucket that is still filling, and no other', () => {
    const points = seriesPoints(window, [], window.fromMs);
    expect(points.map((point) => point.incomplete)).toEqual([...Array(points.length - 1).fill(false), true]);
  });
});
