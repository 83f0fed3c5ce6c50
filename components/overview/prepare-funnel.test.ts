import { expect, test } from 'vitest';
import { FUNNEL_STAGES, type Funnel } from '@/lib/contracts';
import type { OverviewView } from './overview-links';
import { prepareFunnel } from './prepare-funnel';

const VIEW: OverviewView = { range: { kind: 'named', name: '24h' }, apps: [], facets: {} };

function funnel(...counts: (number | null)[]): Funnel {
  const stages = FUNNEL_STAGES.map((stage, index) => ({ stage, count: counts[index] ?? null }));
  return { from: '', to: '', stages };
}

test('measures every stage against the first one that was counted', () => {
  const steps = prepareFunnel(funnel(200, 180, 120, 150, 600), VIEW);
  expect(steps.map(({ length, share }) => [length, share.replace('\u202f', ' ')])).toEqual([
    [1, ''],
    [0.9, '90.0 %'],
    [0.6, '60.0 %'],
    [0.75, '75.0 %'],
    [1, '× 3.0'],
  ]);
});

test('a little more evidence than challenges is what was asked for before the period', () => {
  expect(prepareFunnel(funnel(1_000, 1_002, 1, 1, 1), VIEW)[1]?.share.replace('\u202f', ' ')).toBe('100 %');
});

test('a stage that the filters do not count is no zero', () => {
  const steps = prepareFunnel(funnel(null, 100, 50, 80, null), VIEW);
  expect(steps.map(({ count, share }) => [count, share.replace('\u202f', ' ')])).toEqual([
    [null, ''],
    [100, '100 %'],
    [50, '50.0 %'],
    [80, '80.0 %'],
    [null, ''],
  ]);
});

test('has nothing to divide by where nothing happened', () => {
  expect(prepareFunnel(funnel(0, 0, 0, 0, 0), VIEW).every(({ length }) => length === 0)).toBe(true);
});
