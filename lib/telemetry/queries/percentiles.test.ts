import { describe, expect, test } from 'vitest';
import { latencyBin, latencyBinUpperUs } from '../latency-bins';
import { percentilesOf } from './percentiles';

const of = (latencies: readonly number[]) =>
  percentilesOf(
    latencies.map((latencyUs) => ({ bin: latencyBin(latencyUs), events: 1 })),
    latencyBinUpperUs,
  );

describe('percentiles', () => {
  test('are never understated, and overstated by less than half', () => {
    const latencies = Array.from({ length: 1_000 }, (_, index) => 200 + index * 37);
    const { p50, p95, p99 } = of(latencies);
    for (const [found, exactUs] of [
      [p50, latencies[499]],
      [p95, latencies[949]],
      [p99, latencies[989]],
    ] as const) {
      const ratio = ((found ?? 0) * 1000) / (exactUs ?? 1);
      expect(ratio).toBeGreaterThanOrEqual(1);
      expect(ratio).toBeLessThan(1.5);
    }
  });

  test('are nothing where nothing was counted, and the end of the scale beyond it', () => {
    expect(of([])).toEqual({ p50: null, p95: null, p99: null });
    expect(of([60_000_000])).toEqual({ p50: 10_000, p95: 10_000, p99: 10_000 });
  });
});
