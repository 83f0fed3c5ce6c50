import { describe, expect, it } from 'vitest';
import { RANGES } from '@/lib/contracts';
import { RANGE_CHOICES, readRange, resolveRange, writeRange } from './time-range';

const FROM = '2026-03-03T10:00:00.000Z';
const TO = '2026-03-03T11:00:00.000Z';

describe('time ranges in the URL', () => {
  it('has exactly the ranges that the API knows, with the same lengths', () => {
    const lengths = Object.fromEntries(
      Object.entries(RANGE_CHOICES).map(([name, choice]) => [name, choice.seconds]),
    );
    expect(lengths).toEqual(RANGES);
  });

  it('lets an absolute range win over a name', () => {
    expect(readRange({ range: '1h', from: FROM, to: TO })).toEqual({
      kind: 'absolute',
      fromMs: Date.parse(FROM),
      toMs: Date.parse(TO),
    });
  });

  it.each([
    ['only one end', FROM, null],
    ['ends in the wrong order', TO, FROM],
    ['an end that is no time', FROM, 'tomorrow'],
  ])('falls back to the name for %s', (_case, from, to) => {
    expect(readRange({ range: '6h', from, to })).toEqual({ kind: 'named', name: '6h' });
  });

  it('is 24 hours where nothing is said, and says nothing for 24 hours', () => {
    const range = readRange({ range: null, from: null, to: null });
    expect(range).toEqual({ kind: 'named', name: '24h' });
    expect(writeRange(range)).toEqual({ range: null, from: null, to: null });
  });

  it('reads what it wrote', () => {
    for (const range of [
      readRange({ range: '7d', from: null, to: null }),
      readRange({ range: null, from: FROM, to: TO }),
    ]) {
      expect(readRange(writeRange(range))).toEqual(range);
    }
  });

  it('ends a named range now', () => {
    expect(resolveRange({ kind: 'named', name: '15m' }, 1_000_000)).toEqual({
      fromMs: 100_000,
      toMs: 1_000_000,
    });
  });
});
