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
  const deltas = new BucketRows<CellDelta>();
  for (const { event, cell } of events) {
    const { appId } = event;
    const bucketMs = bucketOf(event.receivedAtMs, CELL_BUCKET_MS);
    for (const signal of signalsOf(event)) {
      const make = () => ({ appId, bucketMs, cell, signal, events: 1 });
      const { row, isNew } = deltas.at(appId, bucketMs, placeOf(cell, signal), make);
      if (!isNew) row.events += 1;
    }
  }
  return [...deltas];
}

/** Tells rows of one app and bucket apart. */
const placeOf = (cell: Cell, signal: string) => (signal === '' ? cell.id : `${cell.id}\n${signal}`);

/** Rows of several batches, added up. */
export class CellSums {
  readonly #rows = new BucketRows<CellDelta>();

  /** Adds a row, which belongs to the sums from then on. */
  add(delta: CellDelta): void {
    const { appId, bucketMs, cell, signal, events } = delta;
    const { row, isNew } = this.#rows.at(appId, bucketMs, placeOf(cell, signal), () => delta);
    if (!isNew) row.events += events;
  }

  /** What was added so far, sorted by place. */
  get sorted(): CellDelta[] {
    return this.#rows.sorted;
  }
}

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
