import { describe, expect, it } from 'vitest';
import {
  coarse,
  type KnownPages,
  layOut,
  mergeHead,
  placeRows,
  wantedPages,
  withPages,
} from './keyset-layout';

const KNOWN: KnownPages = new Map([
  ['a', { count: 2, next: 'b', further: null }],
  ['b', { count: 2, next: 'c', further: null }],
  ['z', { count: 9, next: null, further: 'y' }],
]);

const head = (count: number, next: string | null, further: string | null = null) => ({
  count,
  next,
  further,
});

describe('layOut', () => {
  it('puts page after page below the head, and tells where the unknown begins', () => {
    expect(layOut(head(3, 'a'), KNOWN)).toEqual({
      places: [
        { cursor: 'a', start: 3, count: 2 },
        { cursor: 'b', start: 5, count: 2 },
      ],
      total: 7,
      next: 'c',
      further: null,
    });
  });

  it('moves everything down when rows arrive at the head', () => {
    expect(layOut(head(4, 'a'), KNOWN).places.map(({ start }) => start)).toEqual([4, 6]);
  });

  it('ends where the list ends', () => {
    expect(layOut(head(3, null), KNOWN)).toEqual({ places: [], total: 3, next: null, further: null });
    expect(layOut(head(0, 'z'), KNOWN).next).toBeNull();
  });

  it('tells where to look on at its end, and nowhere else', () => {
    expect(layOut(head(3, null, 'x'), KNOWN).further).toBe('x');
    expect(layOut(head(0, 'z'), KNOWN).further).toBe('y');
    expect(layOut(head(3, 'a', 'x'), KNOWN).further).toBeNull();
  });
});

describe('wantedPages', () => {
  const layout = layOut(head(3, 'a'), KNOWN);

  it('wants the pages in sight and near it, and no others', () => {
    expect(wantedPages(layout, { first: 0, last: 2 }, 0)).toEqual([]);
    expect(wantedPages(layout, { first: 0, last: 2 }, 1)).toEqual(['a']);
    expect(wantedPages(layout, { first: 5, last: 5 }, 0)).toEqual(['b']);
  });

  it('wants the next page before the end is in sight', () => {
    expect(wantedPages(layout, { first: 5, last: 5 }, 1)).toEqual(['a', 'b', 'c']);
    expect(wantedPages({ ...layout, next: null }, { first: 6, last: 6 }, 5)).toEqual(['a', 'b']);
  });
});

describe('placeRows', () => {
  it('leaves a gap for rows that are not in memory', () => {
    const layout = layOut(head(1, 'a'), KNOWN);
    const rows = placeRows(['h'], layout, (cursor) => (cursor === 'b' ? ['b1', 'b2'] : undefined));
    expect(rows).toEqual(['h', undefined, undefined, 'b1', 'b2']);
    expect(rows).toHaveLength(5);
  });
});

describe('withPages', () => {
  it('learns what is new and stays the same otherwise', () => {
    const read = { cursor: 'a', page: { rows: [1, 2], nextCursor: 'b', further: null } };
    expect(withPages(KNOWN, [read, { cursor: 'c', page: undefined }])).toBe(KNOWN);
    const news = { cursor: 'c', page: { rows: [1], nextCursor: null } };
    expect(withPages(KNOWN, [news]).get('c')).toEqual({ count: 1, next: null, further: null });
    const further = { cursor: 'z', page: { rows: new Array(9), nextCursor: null, further: 'x' } };
    expect(withPages(KNOWN, [further]).get('z')?.further).toBe('x');
  });
});

describe('coarse', () => {
  it('widens a stretch to whole steps', () => {
    expect(coarse({ first: 51, last: 99 }, 50)).toEqual({ first: 50, last: 100 });
  });
});

describe('mergeHead', () => {
  const order = { idOf: String, compare: (a: number, b: number) => b - a };
  const head = { rows: [3, 2, 1], nextCursor: 'below-1' };

  it('keeps what is loaded and what lies below it, where the two overlap', () => {
    expect(mergeHead(head, { rows: [5, 3], nextCursor: 'below-3' }, order, 100)).toEqual({
      rows: [5, 3, 2, 1],
      nextCursor: 'below-1',
    });
  });

  it('begins anew where they do not, where the list is short, and where the head has grown too long', () => {
    const apart = { rows: [9, 8], nextCursor: 'below-8' };
    expect(mergeHead(head, apart, order, 100)).toBe(apart);
    const short = { rows: [3], nextCursor: null };
    expect(mergeHead(head, short, order, 100)).toBe(short);
    const overlapping = { rows: [5, 3], nextCursor: 'below-3' };
    expect(mergeHead(head, overlapping, order, 2)).toBe(overlapping);
    expect(mergeHead(undefined, overlapping, order, 2)).toBe(overlapping);
  });
});
