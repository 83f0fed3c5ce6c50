import { describe, expect, it } from 'vitest';
import { RANGES } from '@/lib/contracts';
import { RANGE_CHOICES, rangeParams, readRange, resolveRange, usualRange, writeRange } from './time-range';

const FROM = '2026-03-03T10:00:00.000Z';
const TO = '2026-03-03T11:00:00.000Z';
const NOTHING = { range: null, from: null, to: null };

describe('time ranges in the URL', () => {
  it('has exactly the ranges that the API knows, with the same lengths', () => {
    const lengths = Object.fromEntries(
      Object.entries(RANGE_CHOICES).map(([name, choice]) => [name, choice.seconds]),
    );
    expect(lengths).toEqual(RANGES);
  });

  it('lets an absolute range win over a name', () => {
    expect(readRange({ range: '1h', from: FROM, to: TO }, '24h')).toEqual({
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
    expect(readRange({ range: '6h', from, to }, '24h')).toEqual({ kind: 'named', name: '6h' });
  });

  it('is the usual one where nothing is said, and says nothing then', () => {
    const range = readRange(NOTHING, '15m');
    expect(range).toEqual(usualRange('15m'));
    expect(writeRange(range)).toEqual(NOTHING);
  });

  it('is named where it was chosen, also where the usual one is as long', () => {
    const range = readRange({ ...NOTHING, range: '24h' }, '24h');
    expect(range).toEqual({ kind: 'named', name: '24h' });
    expect(writeRange(range)).toEqual({ ...NOTHING, range: '24h' });
  });

  it('is always told to the API and to other pages', () => {
    expect(rangeParams(usualRange('15m'))).toEqual({ range: '15m' });
    expect(rangeParams({ kind: 'named', name: '24h' })).toEqual({ range: '24h' });
    expect(rangeParams(readRange({ range: null, from: FROM, to: TO }, '24h'))).toEqual({
      from: FROM,
      to: TO,
    });
  });

  it('reads what it wrote', () => {
    for (const range of [
      readRange({ ...NOTHING, range: '7d' }, '24h'),
      readRange({ range: null, from: FROM, to: TO }, '24h'),
      readRange(NOTHING, '6h'),
    ]) {
      expect(readRange(writeRange(range), '6h')).toEqual(range);
    }
  });

  it('ends a named range now', () => {
    expect(resolveRange({ kind: 'named', name: '15m' }, 1_000_000)).toEqual({
      fromMs: 100_000,
      toMs: 1_000_000,
    });
  });
});
