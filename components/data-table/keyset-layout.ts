/** A page of a keyset-paginated list. */
export interface KeysetPage<Row> {
  rows: readonly Row[];
  nextCursor: string | null;
  /** Where to look on, if the list ends here only because no more was looked through. */
  further?: string | null;
}

/** What stays known of a page whose rows were let go: how many there were, and where the next page begins. */
export interface KnownPage {
  count: number;
  next: string | null;
  further: string | null;
}

export type KnownPages = ReadonlyMap<string, KnownPage>;

/** Where a page's rows stand in the list. */
export interface PagePlace {
  cursor: string;
  start: number;
  count: number;
}

export interface KeysetLayout {
  places: readonly PagePlace[];
  /** Rows that are known to be there. */
  total: number;
  /** Where the first page begins that was never read; `null` at the end of the list. */
  next: string | null;
  /** Where to look on from the end of the list, if not everything was looked through. */
  further: string | null;
}

/** A stretch of rows by first and last index. */
export interface RowSpan {
  first: number;
  last: number;
}

/** Lays the known pages out, one after the other, below the rows of the head. */
export function layOut(head: KnownPage, known: KnownPages): KeysetLayout {
  const places: PagePlace[] = [];
  let { count: start, next, further } = head;
  for (let page = next === null ? undefined : known.get(next); page !== undefined; ) {
    if (next !== null) places.push({ cursor: next, start, count: page.count });
    start += page.count;
    ({ next, further } = page);
    page = next === null ? undefined : known.get(next);
  }
  return { places, total: start, next, further: next === null ? further : null };
}

/** The pages whose rows are wanted while a stretch is shown, with those that are `ahead` rows away or nearer. */
export function wantedPages({ places, total, next }: KeysetLayout, shown: RowSpan, ahead: number): string[] {
  const [from, to] = [shown.first - ahead, shown.last + ahead];
  const near = places.filter(({ start, count }) => start <= to && start + count > from);
  const cursors = near.map(({ cursor }) => cursor);
  return next !== null && to >= total - 1 ? [...cursors, next] : cursors;
}

/** Every row at its index; a gap where a page's rows are not in memory. */
export function placeRows<Row>(
  head: readonly Row[],
  { places, total }: KeysetLayout,
  rowsOf: (cursor: string) => readonly Row[] | undefined,
): (Row | undefined)[] {
  const rows = new Array<Row | undefined>(total);
  head.forEach((row, index) => {
    rows[index] = row;
  });
  for (const { cursor, start } of places) {
    rowsOf(cursor)?.forEach((row, index) => {
      rows[start + index] = row;
    });
  }
  return rows;
}

/** What is known, with the pages added that were read; the same map where they tell nothing new. */
export function withPages(
  known: KnownPages,
  read: readonly { cursor: string; page: KeysetPage<unknown> | undefined }[],
): KnownPages {
  const news = read.filter(({ cursor, page }) => {
    const before = known.get(cursor);
    if (page === undefined) return false;
    const now = knownOf(page);
    return before?.count !== now.count || before.next !== now.next || before.further !== now.further;
  });
  if (news.length === 0) return known;
  const entries = news.flatMap(({ cursor, page }): [string, KnownPage][] =>
    page === undefined ? [] : [[cursor, knownOf(page)]],
  );
  return new Map([...known, ...entries]);
}

/** What stays known of a page. */
export function knownOf({ rows, nextCursor, further = null }: KeysetPage<unknown>): KnownPage {
  return { count: rows.length, next: nextCursor, further };
}

/** A stretch in steps of so many rows, so that it changes rarely while somebody scrolls. */
export function coarse({ first, last }: RowSpan, step: number): RowSpan {
  return { first: Math.floor(first / step) * step, last: Math.ceil(last / step) * step };
}

/** How the rows of a list are told apart, and which of two comes first. */
export interface RowOrder<Row> {
  idOf: (row: Row) => string;
  compare: (a: Row, b: Row) => number;
}

/**
 * The head of a list after its first page was read anew. Where the two overlap, what is loaded stays, with everything below
 * it; where they do not, or the head has grown beyond `most` rows, the list begins anew.
 */
export function mergeHead<Row>(
  head: KeysetPage<Row> | undefined,
  first: KeysetPage<Row>,
  { idOf, compare }: RowOrder<Row>,
  most: number,
): KeysetPage<Row> {
  if (head === undefined || first.nextCursor === null || head.rows.length > most) return first;
  const read = new Set(first.rows.map(idOf));
  const others = head.rows.filter((row) => !read.has(idOf(row)));
  if (others.length === head.rows.length) return first;
  return { ...head, rows: [...first.rows, ...others].sort(compare) };
}
