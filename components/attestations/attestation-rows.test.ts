import { describe, expect, it } from 'vitest';
import { hold, leavesGap, NOTHING_HELD, unknownRows, withArrivals, withNewest } from './attestation-rows';
import { row } from './testing/rows';

const at = (id: string, second: number) =>
  row({ id, receivedAt: `2026-03-03T12:00:${String(second).padStart(2, '0')}.000Z` });
const head = (nextCursor: string | null, ...rows: ReturnType<typeof at>[]) => ({ rows, nextCursor });
const ids = (page: ReturnType<typeof withArrivals>) => page?.rows.map(({ id }) => id);

describe('withArrivals', () => {
  it('puts new rows where they belong and leaves out those that are known', () => {
    const page = withArrivals(head('more', at('c', 3), at('a', 1)), [at('d', 4), at('b', 2), at('a', 1)]);
    expect(ids(page)).toEqual(['d', 'c', 'b', 'a']);
    expect(page?.nextCursor).toBe('more');
  });

  it('leaves a late row to the page below that it belongs to', () => {
    expect(ids(withArrivals(head('more', at('b', 2)), [at('a', 1)]))).toEqual(['b']);
    expect(ids(withArrivals(head(null, at('b', 2)), [at('a', 1)]))).toEqual(['b', 'a']);
  });

  it('puts nothing where nothing is loaded, so that a first page is never half a page', () => {
    expect(withArrivals(undefined, [at('a', 1)])).toBeUndefined();
  });
});

describe('withNewest', () => {
  it('keeps what is loaded, and what lies below it, where the two overlap', () => {
    const page = withNewest(head('below-a', at('b', 2), at('a', 1)), head('below-b', at('c', 3), at('b', 2)));
    expect(ids(page)).toEqual(['c', 'b', 'a']);
    expect(page.nextCursor).toBe('below-a');
  });

  it('begins anew where they do not, and where the newest rows are all there are', () => {
    const loaded = head('below-a', at('a', 1));
    const apart = head('below-c', at('d', 4), at('c', 3));
    expect(withNewest(loaded, apart)).toBe(apart);
    const all = head(null, at('b', 2));
    expect(withNewest(loaded, all)).toBe(all);
    expect(withNewest(undefined, all)).toBe(all);
  });
});

describe('leavesGap', () => {
  it('sees that rows are missing between the newest page and what is loaded', () => {
    const data = head(null, at('a', 1));
    expect(leavesGap(data, head('more', at('c', 3), at('b', 2)))).toBe(true);
    expect(leavesGap(data, head('more', at('b', 2), at('a', 1)))).toBe(false);
    expect(leavesGap(data, head(null, at('b', 2)))).toBe(false);
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
    expect(unknownRows(head(null, at('a', 1)), [at('a', 1), at('b', 2)]).map(({ id }) => id)).toEqual(['b']);
  });
});
