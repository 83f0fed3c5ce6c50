import { describe, expect, test } from 'vitest';
import { LATENCY_BINS, latencyBin, latencyBinUpperUs } from './latency-bins';

const BOUNDED = Array.from({ length: LATENCY_BINS - 1 }, (_, bin) => bin);

describe('the scale of latencies', () => {
  test('goes from 100 µs to 10 s in even steps', () => {
    expect(latencyBinUpperUs(0)).toBe(100);
    expect(latencyBinUpperUs(LATENCY_BINS - 2)).toBe(10_000_000);
    for (const bin of BOUNDED.slice(1)) {
      expect(latencyBinUpperUs(bin) / latencyBinUpperUs(bin - 1)).toBeCloseTo(10 ** (1 / 6), 1);
    }
  });

  test('puts each bound into its own bin, and the next microsecond into the next', () => {
    for (const bin of BOUNDED) {
      expect(latencyBin(latencyBinUpperUs(bin))).toBe(bin);
      expect(latencyBin(latencyBinUpperUs(bin) + 1)).toBe(bin + 1);
    }
  });

  test('holds every duration at or under the bound of its bin, and over that of the one before', () => {
    for (let us = 1; us < 20_000_000; us = Math.ceil(us * 1.013)) {
      const bin = latencyBin(us);
      expect(us).toBeLessThanOrEqual(latencyBinUpperUs(bin));
      if (bin > 0) expect(us).toBeGreaterThan(latencyBinUpperUs(bin - 1));
    }
  });

  test.each([
    [0, 0],
    [-5, 0],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, LATENCY_BINS - 1],
    [2 ** 31 - 1, LATENCY_BINS - 1],
  ])('takes %d as well', (us, bin) => {
    expect(latencyBin(us)).toBe(bin);
  });

  test('has no bound beyond its last bin', () => {
    expect(latencyBinUpperUs(LATENCY_BINS - 1)).toBe(Number.POSITIVE_INFINITY);
    expect(latencyBinUpperUs(-1)).toBe(Number.POSITIVE_INFINITY);
  });
});
