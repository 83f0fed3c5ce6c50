import { type CellDelta, CellSums, rollUpCells } from './cells';
import { type CounterDelta, type CounterName, CounterSums, countEvents } from './counters';
import type { BoundedEvent, Cell, Facets } from './facet-limiter';
import { type RollupDelta, RollupSums, rollUp, rollUpHours } from './rollup';

/** What a batch of attestations adds to the rollups; its hours follow from its minutes. */
export interface Counts {
  readonly minutes: readonly RollupDelta[];
  readonly cells: readonly CellDelta[];
  readonly counters: readonly CounterDelta[];
}

/** What live views read, of several batches; each sorted by key. */
export interface RecentCounts {
  readonly minutes: readonly RollupDelta[];
  readonly counters: readonly CounterDelta[];
}

/** What is read of longer spans, of several batches; each sorted by key. */
export interface RestCounts {
  readonly hours: readonly RollupDelta[];
  readonly cells: readonly CellDelta[];
}

/** Counts a batch. */
export function countsOf(bounded: readonly BoundedEvent[]): Counts {
  return {
    minutes: rollUp(bounded),
    cells: rollUpCells(bounded),
    counters: countEvents(bounded.map(({ event }) => event)),
  };
}

/** Adds up the counts of batches. */
export class CountSums {
  readonly #minutes = new RollupSums();
  readonly #cells = new CellSums();
  readonly #counters = new CounterSums();

  /** Adds a batch, whose rows belong to the sums from then on. */
  add({ minutes, cells, counters }: Counts): void {
    for (const delta of minutes) this.#minutes.add(delta);
    for (const delta of cells) this.#cells.add(delta);
    for (const delta of counters) this.#counters.add(delta);
  }

  /** What was added so far, of what live views read. */
  get recent(): RecentCounts {
    return { minutes: this.#minutes.sorted, counters: this.#counters.sorted };
  }

  /** What was added so far, of all else. */
  get rest(): RestCounts {
    return { hours: rollUpHours(this.#minutes.all).sorted, cells: this.#cells.sorted };
  }
}

/** Adds up the rest of the counts, once the recent ones are folded. */
export class RestSums {
  readonly #hours = new RollupSums();
  readonly #cells = new CellSums();

  /** Adds some, whose rows belong to the sums from then on. */
  add({ hours, cells }: RestCounts): void {
    for (const delta of hours) this.#hours.add(delta);
    for (const delta of cells) this.#cells.add(delta);
  }

  /** What was added so far. */
  get rest(): RestCounts {
    return { hours: this.#hours.sorted, cells: this.#cells.sorted };
  }
}

/* How counts are noted in `rollup_journal`: JSON of tuples, which is a third of the size of objects. */

type MinuteTuple = [
  appId: string,
  bucketMs: number,
  id: string,
  verdict: string,
  decidingThreat: string,
  platform: string,
  osVersion: string,
  appVersion: string,
  country: string,
  networkKind: string,
  policyVersion: number,
  events: number,
  latencyUs: number,
];
type CellTuple = [
  appId: string,
  bucketMs: number,
  id: string,
  platform: string,
  osVersion: string,
  appVersion: string,
  model: string,
  country: string,
  signal: string,
  events: number,
];
type CounterTuple = [appId: string, bucketMs: number, name: CounterName, bin: number, events: number];

/** What is the same in every tuple of some facets or of a cell, as JSON. A busy writer notes the same ones again and again. */
const texts = new WeakMap<Facets | Cell, string>();

function remembered<Place extends Facets | Cell>(place: Place, write: (place: Place) => unknown[]): string {
  const known = texts.get(place);
  if (known !== undefined) return known;
  const text = JSON.stringify(write(place)).slice(1, -1);
  texts.set(place, text);
  return text;
}

const writeFacets = (facets: Facets) => [
  facets.id,
  facets.verdict,
  facets.decidingThreat,
  facets.platform,
  facets.osVersion,
  facets.appVersion,
  facets.country,
  facets.networkKind,
  facets.policyVersion,
];

const writeCell = ({ id, platform, osVersion, appVersion, model, country }: Cell) => [
  id,
  platform,
  osVersion,
  appVersion,
  model,
  country,
];

/** Counts as text for the journal. */
export function encodeCounts({ minutes, cells, counters }: Counts): string {
  const rows = [
    minutes.map(
      ({ appId, bucketMs, facets, events, latencyUs }) =>
        `[${JSON.stringify(appId)},${bucketMs},${remembered(facets, writeFacets)},${events},${latencyUs}]`,
    ),
    cells.map(
      ({ appId, bucketMs, cell, signal, events }) =>
        `[${JSON.stringify(appId)},${bucketMs},${remembered(cell, writeCell)},${JSON.stringify(signal)},${events}]`,
    ),
    counters.map(({ appId, bucketMs, name, bin, events }) =>
      JSON.stringify([appId, bucketMs, name, bin, events]),
    ),
  ];
  return `[${rows.map((tuples) => `[${tuples.join(',')}]`).join(',')}]`;
}

/** The counts that a text of the journal holds. */
export function decodeCounts(text: string): Counts {
  const [minutes, cells, counters] = JSON.parse(text) as [MinuteTuple[], CellTuple[], CounterTuple[]];
  return {
    minutes: minutes.map(([appId, bucketMs, id, verdict, decidingThreat, platform, ...rest]) => {
      const [osVersion, appVersion, country, networkKind, policyVersion, events, latencyUs] = rest;
      const versions = { osVersion, appVersion, policyVersion };
      const facets = { id, verdict, decidingThreat, platform, ...versions, country, networkKind };
      return { appId, bucketMs, facets, events, latencyUs };
    }),
    cells: cells.map(
      ([appId, bucketMs, id, platform, osVersion, appVersion, model, country, signal, events]) => ({
        appId,
        bucketMs,
        cell: { id, platform, osVersion, appVersion, model, country },
        signal,
        events,
      }),
    ),
    counters: counters.map(([appId, bucketMs, name, bin, events]) => ({
      appId,
      bucketMs,
      name,
      bin,
      events,
    })),
  };
}
