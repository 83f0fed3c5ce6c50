import { createHash } from 'node:crypto';
import { BoundedCache } from '@/lib/crypto';
import type { AttestationEvent } from './rows';

export const HOUR_MS = 3_600_000;

/** What stands for values beyond the limit of distinct ones. */
export const OTHER = '(other)';

/** How much of each kind is told apart within an hour, per app and writer. */
export interface FacetLimits {
  readonly osVersions: number;
  readonly appVersions: number;
  readonly models: number;
  /** Combinations of all facets of the rollups by minute and hour. */
  readonly combinations: number;
  /** Combinations of platform, OS version, app version, model and country. */
  readonly cells: number;
}

const DEFAULT_LIMITS: FacetLimits = {
  osVersions: 400,
  appVersions: 400,
  models: 1_000,
  combinations: 10_000,
  cells: 4_000,
};

/** Where in a fleet an event belongs, for comparing places. An absent country is the empty string. */
export interface Cell {
  /** Hash of the dimensions. */
  readonly id: string;
  readonly platform: string;
  readonly osVersion: string;
  readonly appVersion: string;
  readonly model: string;
  readonly country: string;
}

/**
 * The facets under which an event is counted; the same object for the same ones of an app, until the hour is over. An absent
 * facet is the empty string.
 */
export interface Facets {
  /** Hash of all of them. */
  readonly id: string;
  readonly verdict: string;
  readonly decidingThreat: string;
  readonly platform: string;
  readonly osVersion: string;
  readonly appVersion: string;
  readonly country: string;
  readonly networkKind: string;
  readonly policyVersion: number;
}

/** An event with the values under which rollups count it. */
export interface BoundedEvent {
  readonly event: AttestationEvent;
  readonly facets: Facets;
  readonly cell: Cell;
}

/**
 * Keeps what devices say of themselves from multiplying rollup rows without bound: what is new beyond a limit within an
 * hour is counted as `(other)`. What only rejected attestations say has a smaller limit of its own, so that a flood of
 * made-up evidence cannot fold genuine devices. Events keep the true value.
 */
export class FacetLimiter {
  readonly #limits: FacetLimits;
  #hour = 0;
  #apps = new Map<string, AppFacets>();

  constructor(limits: FacetLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /** The values under which an event is counted; the same for the same event within the hour. */
  bound(event: AttestationEvent): BoundedEvent {
    const of = this.#facetsOf(event);
    const isVouched = event.verdict !== 'rejected';
    const name = cellName(event);
    // Nearly every event is like others before it, and then all of its values have been admitted, or folded for good.
    const facets = of.combinations.get(facetsName(event, event));
    const cell = of.cells.get(name) ?? of.folded.get(name, isVouched);
    if (facets !== undefined && cell !== undefined) return { event, facets, cell };
    const osVersion = of.osVersions.fold(event.osVersion, isVouched);
    const appVersion = of.appVersions.fold(event.appVersion, isVouched);
    const model = of.models.fold(event.model, isVouched);
    const bounded = {
      event,
      facets: facetsOf(of, event, { osVersion, appVersion }, isVouched),
      cell: cellOf(of, event, { osVersion, appVersion, model }, isVouched),
    };
    if (of.cells.get(name) === undefined) of.folded.remember(name, isVouched, bounded.cell);
    return bounded;
  }

  #facetsOf({ appId, receivedAtMs }: AttestationEvent): AppFacets {
    const hour = Math.floor(receivedAtMs / HOUR_MS);
    // A straggler of the hour before must not make room for as much again.
    if (hour > this.#hour || hour < this.#hour - 1) {
      this.#hour = hour;
      this.#apps = new Map();
    }
    const known = this.#apps.get(appId);
    if (known !== undefined) return known;
    const made = new AppFacets(this.#limits);
    this.#apps.set(appId, made);
    return made;
  }
}

/** What was seen of one app in this hour. */
class AppFacets {
  readonly osVersions: Allowance<string>;
  readonly appVersions: Allowance<string>;
  readonly models: Allowance<string>;
  readonly combinations: Allowance<Facets>;
  readonly cells: Allowance<Cell>;
  /** Cells whose model is told apart no more. */
  readonly coarseCells: Allowance<Cell>;
  /** What became of cells beyond the limit. */
  readonly folded: FoldedCells;

  constructor(limits: FacetLimits) {
    this.osVersions = new Allowance(limits.osVersions);
    this.appVersions = new Allowance(limits.appVersions);
    this.models = new Allowance(limits.models);
    this.combinations = new Allowance(limits.combinations);
    this.cells = new Allowance(limits.cells);
    this.coarseCells = new Allowance(limits.cells / 4);
    this.folded = new FoldedCells(limits.cells);
  }
}

/**
 * Under which cells the ones beyond the limit are counted, of a limited number of them: whoever was not admitted within the
 * hour never is, so that it need not be tried again.
 */
class FoldedCells {
  readonly #capacity: number;
  readonly #cells = { vouched: new Map<string, Cell>(), unvouched: new Map<string, Cell>() };

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(name: string, isVouched: boolean): Cell | undefined {
    return this.#of(isVouched).get(name);
  }

  remember(name: string, isVouched: boolean, cell: Cell): void {
    const cells = this.#of(isVouched);
    if (cells.size < this.#capacity) cells.set(name, cell);
  }

  #of(isVouched: boolean): Map<string, Cell> {
    return isVouched ? this.#cells.vouched : this.#cells.unvouched;
  }
}

/** Named values of limited number, with room for a quarter as many again that nobody vouches for. */
class Allowance<Value> {
  readonly #capacity: { readonly vouched: number; readonly unvouched: number };
  readonly #used = { vouched: 0, unvouched: 0 };
  readonly #seen = new Map<string, Value>();

  constructor(capacity: number) {
    this.#capacity = { vouched: capacity, unvouched: Math.ceil(capacity / 4) };
  }

  /** The value of this name, where there is one. */
  get(name: string): Value | undefined {
    return this.#seen.get(name);
  }

  /** The value of this name, made where there is still room for it. */
  admit(name: string, isVouched: boolean, make: (name: string) => Value): Value | undefined {
    const known = this.#seen.get(name);
    if (known !== undefined) return known;
    const kind = isVouched ? 'vouched' : 'unvouched';
    if (this.#used[kind] >= this.#capacity[kind]) return undefined;
    this.#used[kind] += 1;
    const made = make(name);
    this.#seen.set(name, made);
    return made;
  }

  /** The value itself, as far as there is room for it. */
  fold(this: Allowance<string>, value: string, isVouched: boolean): string {
    return this.admit(value, isVouched, () => value) ?? OTHER;
  }
}

type Versions = Pick<Facets, 'osVersion' | 'appVersion'>;

function facetsOf(of: AppFacets, event: AttestationEvent, versions: Versions, isVouched: boolean): Facets {
  const make = (name: string, { osVersion, appVersion }: Versions) => ({
    id: hashOf(name),
    verdict: event.verdict,
    decidingThreat: event.decidingThreat ?? '',
    platform: event.platform,
    osVersion,
    appVersion,
    country: event.country ?? '',
    networkKind: event.networkKind,
    policyVersion: event.policyVersion,
  });
  const name = facetsName(event, versions);
  const admitted = of.combinations.admit(name, isVouched, () => make(name, versions));
  if (admitted !== undefined) return admitted;
  const folded = { osVersion: OTHER, appVersion: OTHER };
  return make(facetsName(event, folded), folded);
}

function facetsName(event: AttestationEvent, { osVersion, appVersion }: Versions): string {
  const { verdict, decidingThreat, platform, country, networkKind, policyVersion } = event;
  return `${verdict}\n${decidingThreat ?? ''}\n${platform}\n${osVersion}\n${appVersion}\n${country ?? ''}\n${networkKind}\n${policyVersion}`;
}

function cellOf(
  of: AppFacets,
  { platform, country }: AttestationEvent,
  fine: Versions & { readonly model: string },
  isVouched: boolean,
): Cell {
  const dimensions = { platform, ...fine, country: country ?? '' };
  const cell = of.cells.admit(cellName(dimensions), isVouched, (name) => ({
    ...dimensions,
    id: hashOf(name),
  }));
  if (cell !== undefined) return cell;
  const coarse = { ...dimensions, model: OTHER };
  const coarseCell = of.coarseCells.admit(cellName(coarse), isVouched, (name) => ({
    ...coarse,
    id: hashOf(name),
  }));
  if (coarseCell !== undefined) return coarseCell;
  const rest = { platform, osVersion: OTHER, appVersion: OTHER, model: OTHER, country: OTHER };
  return { ...rest, id: hashOf(cellName(rest)) };
}

function cellName({
  platform,
  osVersion,
  appVersion,
  model,
  country,
}: Omit<Cell, 'id' | 'country'> & { readonly country: string | null }): string {
  return `${platform}\n${osVersion}\n${appVersion}\n${model}\n${country ?? ''}`;
}

const HASH_CACHE_SIZE = 16_384;
const hashes = new BoundedCache<string>(HASH_CACHE_SIZE);

/** Hash of a text, as a UUID. */
function hashOf(text: string): string {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  const hex = createHash('sha256').update(text).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
  hashes.set(text, id);
  return id;
}
