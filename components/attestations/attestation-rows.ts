import type { KeysetPage } from '@/components/data-table/keyset-layout';
import type { AttestationRow } from '@/lib/contracts';

/** Some attestations, newest first, and where the next ones begin. */
export type AttestationPage = KeysetPage<AttestationRow>;

/** Newest first; the id settles equal times, as in the API. */
function newestFirst(a: AttestationRow, b: AttestationRow): number {
  if (a.receivedAt !== b.receivedAt) return a.receivedAt < b.receivedAt ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}

/** Those of the rows that the head of the list does not hold yet. */
export function unknownRows(
  head: AttestationPage | undefined,
  rows: readonly AttestationRow[],
): AttestationRow[] {
  const known = new Set(head?.rows.map((row) => row.id));
  return rows.filter((row) => !known.has(row.id));
}

/**
 * The head of the list with rows put where they belong. A row that belongs below it, because it was committed late, is on
 * a page that is read when it is scrolled to. Where nothing is loaded, nothing is put.
 */
export function withArrivals(
  head: AttestationPage | undefined,
  rows: readonly AttestationRow[],
): AttestationPage | undefined {
  if (head === undefined) return undefined;
  const last = head.nextCursor === null ? undefined : head.rows.at(-1);
  const fresh = unknownRows(head, rows).filter((row) => last === undefined || newestFirst(row, last) < 0);
  return fresh.length === 0 ? head : { ...head, rows: [...fresh, ...head.rows].sort(newestFirst) };
}

/**
 * The head of the list after its newest rows were read anew. Where the two overlap, what is loaded stays, with everything
 * below it; where more happened in between than was read, the list begins anew.
 */
export function withNewest(head: AttestationPage | undefined, newest: AttestationPage): AttestationPage {
  if (head === undefined || newest.nextCursor === null || leavesGap(head, newest)) return newest;
  return withArrivals(head, newest.rows) ?? newest;
}

/** Whether more happened between the newest rows and what is loaded: not one of them is known. */
export function leavesGap(head: AttestationPage | undefined, newest: AttestationPage): boolean {
  return newest.nextCursor !== null && unknownRows(head, newest.rows).length === newest.rows.length;
}

/** Rows that wait to be shown. `gap` says that more happened than the rows: only a new reading shows all of it. */
export interface HeldRows {
  rows: readonly AttestationRow[];
  gap: boolean;
}

export const NOTHING_HELD: HeldRows = { rows: [], gap: false };
const MOST_HELD = 1_000;

/** What waits, with more rows added; more than a thousand are not kept but read again. */
export function hold(held: HeldRows, rows: readonly AttestationRow[], gap: boolean): HeldRows {
  const known = new Set(held.rows.map((row) => row.id));
  const all = [...rows.filter((row) => !known.has(row.id)), ...held.rows];
  return { rows: all.slice(0, MOST_HELD), gap: held.gap || gap || all.length > MOST_HELD };
}
