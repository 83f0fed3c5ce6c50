import { describe, expect, it } from 'vitest';
import { hold, leavesGap, loadedRows, NOTHING_HELD, unknownRows, withArrivals } from './attestation-rows';
import { row } from './testing/rows';

const at = (id: string, second: number) =>
  row({ id, receivedAt: `2026-03-03T12:00:${String(second).padStart(2, '0')}.000Z` });
const loaded = (...pages: ReturnType<typeof at>[][]) => ({
  pages: pages.map((rows) => ({ rows, nextCursor: null })),
  pageParams: pages.map(() => undefined),
});

describe('loadedRows', () => {
  it('shows a row once, and in order though it was committed late', () => {
    const data = loaded([at('c', 3), at('a', 1)], [at('b', 2), at('a', 1)]);
    expect(loadedRows(data).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });
});

describe('withArrivals', () => {
  it('puts new rows on top and leaves out those that are known', () => {
    const data = withArrivals(loaded([at('a', 1)]), [at('b', 2), at('a', 1)]);
    expect(data?.pages[0]?.rows.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('puts nothing where nothing is loaded, so that a first page is never half a page', () => {
    expect(withArrivals(undefined, [at('a', 1)])).toBeUndefined();
  });
});

describe('leavesGap', () => {
  it('sees that rows are missing between the newest page and what is loaded', () => {
    const data = loaded([at('a', 1)]);
    expect(leavesGap(data, { rows: [at('c', 3), at('b', 2)], nextCursor: 'more' })).toBe(true);
    expect(leavesGap(data, { rows: [at('b', 2), at('a', 1)], nextCursor: 'more' })).toBe(false);
    expect(leavesGap(data, { rows: [at('b', 2)], nextCursor: null })).toBe(false);
  });
});

describe('held rows', () => {
  it('counts a row once however often it arrives', () => {
    const held = hold(hold(NOTHING_HELD, [at('a', 1)], false), [at('b', 2), at('a', 1)], false);
    expect(held).toMatchObject({ gap: false, rows: [{ id: 'b' }, { id: 'a' }] });
  });

  it('remembers that something is missing between what is held and what is loaded', () => {
    expect(hold(hold(NOTHING_HELD, [at('a', 1)], true), [], false).gap).toBe(true);
    const many = Array.from({ length: 1_200 }, (_, index) => at(`id-${index}`, 1));
    expect(hold(NOTHING_HELD, many, false)).toMatchObject({ gap: true });
  });

  it('tells loaded rows from new ones', () => {
    expect(unknownRows(loaded([at('a', 1)]), [at('a', 1), at('b', 2)]).map(({ id }) => id)).toEqual(['b']);
  });
});
