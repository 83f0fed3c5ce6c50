import { THRESHOLDS } from '../detect';
import type { CellView, Count, Counts, Dimension, Marginal } from '../model';

const BUCKETS_PER_DAY = 144;
const BUCKETS_PER_WINDOW = 6;
const PAST_DAYS = 6;

const APPS = 2;
/** How many values each dimension has; half of the models and OS versions are of either platform. */
const VALUES = { platform: 2, osVersion: 10, appVersion: 5, model: 40, country: 20 } as const;
const ORDER = ['platform', 'osVersion', 'appVersion', 'model', 'country'] as const satisfies Dimension[];
const PLACES = 1 + ORDER.reduce((all, dimension) => all + VALUES[dimension], 0);

/** How often each signal is found, and whether a policy makes an outcome of it. */
const SIGNALS = [
  { name: 'hooks', rate: 0.002, outcome: 'verdict:rejected' },
  { name: 'root', rate: 0.008, outcome: 'verdict:restricted' },
  { name: 'emulator', rate: 0.001, outcome: 'verdict:rejected' },
  { name: 'debugger', rate: 0.004, outcome: 'verdict:flagged' },
  { name: 'developer_mode', rate: 0.05, outcome: null },
  { name: 'passcode_missing', rate: 0.03, outcome: null },
  { name: 'vpn', rate: 0.08, outcome: null },
  { name: 'repackaged', rate: 0.0005, outcome: 'verdict:rejected' },
] as const;
const OUTCOMES = ['verdict:rejected', 'verdict:restricted', 'verdict:flagged'] as const;
const NAMES = [...SIGNALS.map(({ name }) => name), ...OUTCOMES];
/** All attestations, then for each signal the attestations and the devices in which it was found. */
const ROWS = 1 + 2 * NAMES.length;

/** Numbers that are the same in every run (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a quiet fleet counted, bucket by bucket, as sums from its beginning. */
export interface QuietFleet {
  readonly buckets: number;
  readonly sums: Int32Array;
}

/**
 * Attestations of a fleet in which nothing happens but people: days and nights, weekends, popular and rare phones, more
 * rooted phones in some places than in others, and single devices in which something is found again and again.
 */
export function quietFleet(seed: number, days: number, eventsPerDay: number): QuietFleet {
  const random = randomOf(seed);
  const buckets = days * BUCKETS_PER_DAY;
  const sums = new Int32Array((buckets + 1) * APPS * ROWS * PLACES);
  const stride = APPS * ROWS * PLACES;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const base = (bucket + 1) * stride;
    const events = poisson(random, (eventsPerDay / BUCKETS_PER_DAY) * activity(bucket));
    for (let index = 0; index < events; index++) attest(random, sums, base);
    for (let index = 0; index < stride; index++) {
      sums[base + index] = (sums[base + index] ?? 0) + (sums[base - stride + index] ?? 0);
    }
  }
  return { buckets, sums };
}

function activity(bucket: number): number {
  const day = Math.floor(bucket / BUCKETS_PER_DAY);
  const hour = (bucket % BUCKETS_PER_DAY) / 6;
  return (1 + 0.7 * Math.sin(((hour - 9) / 24) * 2 * Math.PI)) * (day % 7 >= 5 ? 0.75 : 1);
}

function attest(random: () => number, sums: Int32Array, base: number): void {
  const app = random() < 0.65 ? 0 : 1;
  const platform = random() < 0.45 ? 0 : 1;
  const half = (values: number) => platform * (values / 2) + skewed(random, values / 2);
  const values = [
    platform,
    half(VALUES.osVersion),
    skewed(random, VALUES.appVersion),
    half(VALUES.model),
    skewed(random, VALUES.country),
  ];
  const old = 1 + ((values[1] ?? 0) % (VALUES.osVersion / 2)) * 0.3;
  const country = 0.5 + ((values[4] ?? 0) % 5) * 0.3;
  add(sums, base, app, 0, values, 1);
  for (const [index, { rate, outcome }] of SIGNALS.entries()) {
    // A device in which something is found attests more than once: mean 2, now and then a dozen times.
    if (random() >= (rate * old * country) / 2) continue;
    const repeats = Math.min(15, 1 + Math.floor(-Math.log(1 - random()) / Math.log(2)));
    if (repeats > 1) add(sums, base, app, 0, values, repeats - 1);
    for (const name of outcome === null ? [index] : [index, NAMES.indexOf(outcome)]) {
      add(sums, base, app, 1 + name, values, repeats);
      add(sums, base, app, 1 + NAMES.length + name, values, 1);
    }
  }
}

function add(
  sums: Int32Array,
  base: number,
  app: number,
  row: number,
  values: readonly number[],
  events: number,
): void {
  const start = base + (app * ROWS + row) * PLACES;
  sums[start] = (sums[start] ?? 0) + events;
  let place = start + 1;
  for (const [index, dimension] of ORDER.entries()) {
    const at = place + (values[index] ?? 0);
    sums[at] = (sums[at] ?? 0) + events;
    place += VALUES[dimension];
  }
}

/** Few values are frequent and many are rare. */
function skewed(random: () => number, values: number): number {
  return Math.floor(values * random() ** 2);
}

function poisson(random: () => number, mean: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
}

/** A signal as the database would answer for it, and how many devices it was found in at each of its places. */
export interface QuietView {
  readonly name: string;
  readonly view: CellView;
  readonly devices: ReadonlyMap<Counts, number>;
}

/** Every signal of every app for the hour that ends with a bucket. */
export function viewsAt(fleet: QuietFleet, end: number): QuietView[] {
  const views: QuietView[] = [];
  for (let app = 0; app < APPS; app++) {
    for (const [index, name] of NAMES.entries()) {
      const devices = new Map<Counts, number>();
      const countsAt = (place: number): Counts | null => {
        const hits = (window: number) => between(fleet, end, window, app, 1 + index, place);
        const now = hits(0);
        if (now < THRESHOLDS.hits) return null;
        const count = (window: number): Count => ({
          hits: hits(window),
          events: between(fleet, end, window, app, 0, place),
        });
        const past = Array.from({ length: PAST_DAYS }, (_, day) => count(day + 1));
        const counts = { now: count(0), past };
        devices.set(counts, between(fleet, end, 0, app, 1 + NAMES.length + index, place));
        return counts;
      };
      const total = countsAt(0);
      if (total === null) continue;
      views.push({ name: `${app} ${name}`, view: { total, marginals: marginalsOf(countsAt) }, devices });
    }
  }
  return views;
}

function marginalsOf(countsAt: (place: number) => Counts | null): Marginal[] {
  const marginals: Marginal[] = [];
  let place = 1;
  for (const dimension of ORDER) {
    for (let value = 0; value < VALUES[dimension]; value++) {
      const counts = countsAt(place + value);
      if (counts !== null) marginals.push({ dimension, value: String(value), counts });
    }
    place += VALUES[dimension];
  }
  return marginals;
}

function between(
  { sums }: QuietFleet,
  end: number,
  day: number,
  app: number,
  row: number,
  place: number,
): number {
  const at = (bucket: number) => sums[((bucket * APPS + app) * ROWS + row) * PLACES + place] ?? 0;
  const to = end - day * BUCKETS_PER_DAY;
  return at(to) - at(to - BUCKETS_PER_WINDOW);
}
