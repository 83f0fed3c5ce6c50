import type { BoundedEvent, Cell } from './facet-limiter';
import { BucketRows, bucketOf } from './rollup';
import type { AttestationEvent } from './rows';

/** Width of the buckets of `cell_rollups`. */
export const CELL_BUCKET_MS = 600_000;

/** Events to be added to one row of `cell_rollups`; `signal` is empty for all events of the cell. */
export interface CellDelta {
  readonly appId: string;
  readonly bucketMs: number;
  readonly cell: Cell;
  readonly signal: string;
  events: number;
}

/** Counts events by cell and by what was found in them. */
export function rollUpCells(events: readonly BoundedEvent[]): CellDelta[] {
  const deltas = new BucketRows<string, CellDelta>();
  for (const { event, cell } of events) {
    const { appId } = event;
    const bucketMs = bucketOf(event.receivedAtMs, CELL_BUCKET_MS);
    for (const signal of signalsOf(event)) {
      const key = signal === '' ? cell.id : `${cell.id}\n${signal}`;
      const make = () => ({ appId, bucketMs, cell, signal, events: 1 });
      const { row, isNew } = deltas.at(appId, bucketMs, key, make);
      if (!isNew) row.events += 1;
    }
  }
  return deltas.all;
}

/** Adds a row to those of its kind, which become the owner of it. */
export function addCell(sums: Map<string, CellDelta>, delta: CellDelta): void {
  const key = cellKey(delta.appId, delta.bucketMs, delta.cell.id, delta.signal);
  const known = sums.get(key);
  if (known === undefined) sums.set(key, delta);
  else known.events += delta.events;
}

const cellKey = (appId: string, bucketMs: number, cell: string, signal: string) =>
  `${appId}\n${bucketMs}\n${cell}\n${signal}`;

const QUIET: readonly string[] = [''];

/**
 * Under which signals an event counts, each once: the empty one always, every threat found or decided by, and the
 * verdict unless it is `trusted`.
 */
export function signalsOf({ threats, decidingThreat, verdict }: AttestationEvent): readonly string[] {
  if (verdict === 'trusted' && threats.length === 0) return QUIET;
  const signals = new Set(['', ...threats]);
  if (decidingThreat !== null) signals.add(decidingThreat);
  if (verdict !== 'trusted') signals.add(`verdict:${verdict}`);
  return [...signals];
}
