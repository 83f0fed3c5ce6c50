import { describe, expect, test } from 'vitest';
import { onsetOf } from './since';
import { windowsAt } from './windows';

const bucket = (index: number, hits: number, events = 100) => ({ atMs: index * 600_000, hits, events });

describe('the onset of a jump', () => {
  test('is the first ten minutes in which the rate had moved', () => {
    const series = [0, 1, 0, 0, 2, 0, 88, 95, 97].map((hits, index) => bucket(index, hits));
    expect(onsetOf(series, 0.004)).toEqual({
      sinceMs: 6 * 600_000,
      now: { hits: 280, events: 300 },
      maybeEarlier: false,
    });
  });

  test('may lie before what was looked at', () => {
    expect(onsetOf([bucket(0, 90), bucket(1, 92)], 0.004)).toMatchObject({ sinceMs: 0, maybeEarlier: true });
  });

  test('is not there where the rate is the usual one or lower', () => {
    expect(onsetOf([bucket(0, 1), bucket(1, 0)], 0.01)).toBeNull();
    expect(onsetOf([], 0.01)).toBeNull();
  });
});

describe('the windows of a comparison', () => {
  const at = Date.parse('2026-03-29T12:34:56Z');
  const iso = ({ fromMs, toMs }: { fromMs: number; toMs: number }) =>
    [fromMs, toMs].map((ms) => new Date(ms).toISOString().slice(5, 16));

  test('are the last hour and the same hour of the six days before', () => {
    const { now, past } = windowsAt(at, at - 30 * 86_400_000);
    expect(iso(now)).toEqual(['03-29T11:40', '03-29T12:40']);
    expect(past.map(iso)).toHaveLength(6);
    expect(past.map(iso)[5]).toEqual(['03-23T11:40', '03-23T12:40']);
  });

  test('are the hours before where there are no days', () => {
    for (const first of [null, at - 86_400_000]) {
      expect(windowsAt(at, first).past.map(iso)[0]).toEqual(['03-29T10:40', '03-29T11:40']);
    }
  });
});
