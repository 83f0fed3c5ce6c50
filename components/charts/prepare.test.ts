import { describe, expect, it } from 'vitest';
import { TRUST_VECTOR_MEMBERS } from '@/lib/contracts';
import { type BarItem, prepareBars } from './prepare-bars';
import { prepareHeatMap } from './prepare-heat-map';
import { prepareHistogram } from './prepare-histogram';
import { prepareRadar, tierOf } from './prepare-radar';
import { prepareSparkline } from './prepare-sparkline';

describe('prepareSparkline', () => {
  it('spreads values over its height and lifts the pen at a gap', () => {
    expect(prepareSparkline([0, 10, null, 5, 5])).toBe('M0.0 22.0L24.0 2.0M72.0 12.0L96.0 12.0');
  });

  it('draws a level line for equal values and nothing for none', () => {
    expect(prepareSparkline([4, 4])).toBe('M0.0 12.0L96.0 12.0');
    expect(prepareSparkline([null, null])).toBe('');
  });
});

describe('prepareBars', () => {
  const item = (id: string, value: number, previous: number | null = null): BarItem => ({
    id,
    label: id,
    value,
    previous,
    href: `/${id}`,
  });

  it('ranks the greatest, measured against the longest', () => {
    const bars = prepareBars([item('a', 5), item('b', 20), item('c', 10)], 2);
    expect(bars.map((bar) => [bar.id, bar.length])).toEqual([
      ['b', 1],
      ['c', 0.5],
    ]);
  });

  it('keeps what the page is filtered by, however small', () => {
    const bars = prepareBars([item('a', 5), item('b', 20), item('c', 10), item('d', 1)], 2, ['d', 'b']);
    expect(bars.map((bar) => [bar.id, bar.length])).toEqual([
      ['b', 1],
      ['c', 0.5],
      ['d', 0.05],
    ]);
  });

  it('calls rising only what grew by half and by ten', () => {
    const bars = prepareBars([item('a', 150, 100), item('b', 120, 100), item('c', 9, 3), item('d', 40, 0)]);
    expect(Object.fromEntries(bars.map((bar) => [bar.id, bar.rising]))).toEqual({
      a: true,
      b: false,
      c: false,
      d: true,
    });
    expect(bars.find((bar) => bar.id === 'd')?.change).toBe('new');
  });

  it('has no bars to divide where everything is zero', () => {
    expect(prepareBars([item('a', 0)])[0]?.length).toBe(0);
  });
});

describe('prepareHeatMap', () => {
  it('gives a share the same warmth whatever stands beside it, and no warmth to what is unknown', () => {
    const columns = ['a', 'b', 'c', 'd'].map((id) => ({ id, label: id }));
    const [row] = prepareHeatMap({
      columns,
      rows: [{ id: '5.4.0', label: '5.4.0', total: 100, shares: [0, 0.09, 0.5] }],
    });
    expect(row?.cells.map((cell) => [cell.level, cell.text])).toEqual([
      [0, '0'],
      [5, '9.0'],
      [6, '50.0'],
      [0, '–'],
    ]);
  });
});

describe('prepareRadar', () => {
  it.each([
    [0, 'none'],
    [1, 'none'],
    [-1, 'none'],
    [2, 'affirming'],
    [31, 'affirming'],
    [-32, 'affirming'],
    [32, 'warning'],
    [95, 'warning'],
    [-33, 'warning'],
    [-96, 'warning'],
    [96, 'contraindicated'],
    [127, 'contraindicated'],
    [-128, 'contraindicated'],
  ])('takes %s for the tier %s', (value, tier) => {
    expect(tierOf(value)).toBe(tier);
  });

  it('has an axis for every member in the standard order, and none claims what is missing', () => {
    const axes = prepareRadar({ hardware: 2 });
    expect(axes.map((axis) => axis.member)).toEqual([...TRUST_VECTOR_MEMBERS]);
    const claimed = axes.filter((axis) => axis.tier !== 'none');
    expect(claimed.map((axis) => [axis.member, axis.radius])).toEqual([['hardware', 1]]);
  });
});

describe('prepareHistogram', () => {
  const startMs = Date.UTC(2026, 2, 3, 12);
  const at = (minute: number) => new Date(startMs + minute * 60_000).toISOString();

  it('stands each bar over the middle of its bucket and leaves out what was not recorded', () => {
    const prepared = prepareHistogram(
      {
        from: at(0),
        to: at(2),
        bucketSeconds: 60,
        markers: [],
        points: [
          { at: at(0), counts: { trusted: 3, flagged: 0, restricted: 0, rejected: 1 }, incomplete: false },
          { at: at(1), counts: null, incomplete: true },
        ],
      },
      'UTC',
    );
    expect(prepared).toMatchObject({ fromMs: startMs, toMs: startMs + 120_000 });
    expect(prepared.bars[0]).toMatchObject({ middleMs: startMs + 30_000, total: 4, alone: true });
    expect(prepared.bars[1]).toMatchObject({ counts: null, total: null, incomplete: true });
  });

  it('has nothing to show for an empty series', () => {
    const empty = { from: at(0), to: at(1), bucketSeconds: 60, markers: [], points: [] };
    expect(prepareHistogram(empty, 'UTC')).toMatchObject({ bars: [], timeTicks: [] });
  });
});
