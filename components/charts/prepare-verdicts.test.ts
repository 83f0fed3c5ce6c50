import { describe, expect, it } from 'vitest';
import type { VerdictSeries } from '@/lib/contracts';
import { prepareVerdicts } from './prepare-verdicts';

const START = Date.UTC(2026, 2, 3, 12);
const at = (minutes: number) => new Date(START + minutes * 60_000).toISOString();
const counts = (trusted: number, rejected = 0) => ({ trusted, flagged: 0, restricted: 0, rejected });

function series(points: VerdictSeries['points'], markers: VerdictSeries['markers'] = []): VerdictSeries {
  return { from: at(0), to: at(60), bucketSeconds: 900, points, markers };
}
const point = (minutes: number, value: VerdictSeries['points'][number]['counts'], incomplete = false) => ({
  at: at(minutes),
  counts: value,
  incomplete,
});

describe('prepareVerdicts', () => {
  it('does not take what was not recorded for zero', () => {
    const { points } = prepareVerdicts(
      series([point(0, counts(10)), point(15, null), point(30, counts(0))]),
      'UTC',
    );
    expect(points.map((one) => [one.counts === null, one.total])).toEqual([
      [false, 10],
      [true, null],
      [false, 0],
    ]);
  });

  it('tells which bucket stands alone between gaps', () => {
    const { points } = prepareVerdicts(
      series([point(0, counts(1)), point(15, null), point(30, counts(1)), point(45, counts(1))]),
      'UTC',
    );
    expect(points.map((one) => one.alone)).toEqual([true, false, false, false]);
  });

  it('says which stretch leads to the incomplete bucket', () => {
    const points = [point(0, counts(1)), point(30, counts(1)), point(60, counts(1), true)];
    expect(prepareVerdicts(series(points), 'UTC').incomplete).toEqual({
      fromMs: START + 30 * 60_000,
      toMs: START + 60 * 60_000,
    });
    expect(prepareVerdicts(series(points.slice(0, 2)), 'UTC').incomplete).toBeNull();
  });

  it('sums every verdict over the range', () => {
    const { totals, total } = prepareVerdicts(
      series([point(0, counts(5, 1)), point(15, null), point(30, counts(2, 3))]),
      'UTC',
    );
    expect(totals).toEqual({ trusted: 7, flagged: 0, restricted: 0, rejected: 4 });
    expect(total).toBe(11);
  });

  it('keeps markers inside the range, in order, with labels that do not overlap or leave the chart', () => {
    const marker = (minutes: number, auditId: number) => ({
      at: at(minutes),
      action: 'x',
      label: `m${auditId}`,
      auditId,
    });
    const { markers } = prepareVerdicts(
      series(
        [point(0, counts(1)), point(60, counts(1))],
        [marker(59, 4), marker(30, 1), marker(30.5, 2), marker(-5, 3), marker(31, 5)],
      ),
      'UTC',
    );
    expect(markers.map((one) => [one.auditId, one.row, one.flipped])).toEqual([
      [1, 0, false],
      [2, 1, false],
      [5, null, false],
      [4, 0, true],
    ]);
  });

  it('tells in which bucket staff changed something', () => {
    const change = { at: at(17), action: 'x', label: 'policy v12 published', auditId: 1 };
    const { points } = prepareVerdicts(series([point(0, counts(1)), point(15, counts(1))], [change]), 'UTC');
    expect(points.map((one) => one.changes)).toEqual([[], ['policy v12 published']]);
  });

  it('has nothing to draw, and fails nowhere, without points', () => {
    expect(prepareVerdicts(series([]), 'UTC')).toMatchObject({
      points: [],
      total: 0,
      timeTicks: [],
      incomplete: null,
    });
  });
});
