import type { InfiniteData } from '@tanstack/react-query';
import type { AttestationRow } from '@/lib/contracts';
import type { AttestationPage } from './attestation-queries';

/** The loaded pages of a list. */
export type LoadedAttestations = InfiniteData<AttestationPage, unknown>;

/** Newest first; the id settles equal times, as in the API. */
function newestFirst(a: AttestationRow, b: AttestationRow): number {
  return b.receivedAt.localeCompare(a.receivedAt) || b.id.localeCompare(a.id);
}

/** Every loaded row once, newest first. */
export function loadedRows(data: LoadedAttestations | undefined): AttestationRow[] {
  const byId = new Map<string, AttestationRow>();
  for (const page of data?.pages ?? []) {
    for (const row of page.rows) byId.set(row.id, row);
  }
  return [...byId.values()].sort(newestFirst);
}

/** Those of the rows that are not loaded yet. */
export function unknownRows(
  data: LoadedAttestations | undefined,
  rows: readonly AttestationRow[],
): AttestationRow[] {
  const known = new Set(data?.pages.flatMap((page) => page.rows.map((row) => row.id)));
  return rows.filter((row) => !known.has(row.id));
}

/** The loaded pages with rows put on top; where nothing is loaded, nothing is put. */
export function withArrivals(
  data: LoadedAttestations | undefined,
  rows: readonly AttestationRow[],
): LoadedAttestations | undefined {
  const [first, ...others] = data?.pages ?? [];
  if (data === undefined || first === undefined) return data;
  return {
    ...data,
    pages: [{ ...first, rows: [...unknownRows(data, rows), ...first.rows] }, ...others],
  };
}

/** How many rows are loaded. */
export function countLoaded(data: LoadedAttestations | undefined): number {
  return data?.pages.reduce((sum, { rows }) => sum + rows.length, 0) ?? 0;
}

/** Whether more happened between a page of the newest rows and what is loaded: not one of its rows is known. */
export function leavesGap(data: LoadedAttestations | undefined, page: AttestationPage): boolean {
  return page.nextCursor !== null && unknownRows(data, page.rows).length === page.rows.length;
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
