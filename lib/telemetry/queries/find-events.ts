import { sql } from 'drizzle-orm';
import type { Executor } from '@/lib/db';
import { OTHER } from '../facet-limiter';
import {
  type FacetFilter,
  facetConditions,
  narrowsFacets,
  ROLLUP_FACETS,
  type RollupScope,
  rollupRows,
} from './conditions';
import type { Cursor } from './cursor';
import { type EventScope, type ListedEvent, listEvents } from './events';
import { countVerdictsOverTime, facetSegments, isAnyCounted } from './facet-rows';
import { minutesKeptSince } from './kept-minutes';
import { registeredApps } from './rollups';
import { readSummed, type Summed } from './summed';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type Span = { fromMs: number; toMs: number };

/**
 * One page of events after a position, newest first. What few events have in common is looked for only in the minutes (long ago,
 * the hours) in which the rollups counted it: a rare combination does not read all events of a month.
 */
export async function findEvents(
  db: Executor,
  scope: EventScope,
  after: Cursor | undefined,
  limit: number,
): Promise<ListedEvent[]> {
  const found: ListedEvent[] = [];
  for await (const span of spansToRead(db, scope, after)) {
    found.push(...(await listEvents(db, { ...scope, ...span }, after, limit - found.length)));
    if (found.length >= limit) break;
  }
  return found;
}

/**
 * All events of a scope, newest first, in pages of at most `most`, each read when the one before was taken. The rollups are
 * asked once where to look, and not again for each page.
 */
export async function* findAllEvents(
  db: Executor,
  scope: EventScope,
  most: number,
): AsyncGenerator<ListedEvent[]> {
  for await (const span of spansToRead(db, scope)) {
    let after: Cursor | undefined;
    do {
      const page = await listEvents(db, { ...scope, ...span }, after, most);
      if (page.length > 0) yield page;
      after = page.length < most ? undefined : page.at(-1);
    } while (after !== undefined);
  }
}

/** Where the events of a scope after a position are, newest first. The rollups are read when more than the first is asked for. */
async function* spansToRead(db: Executor, scope: EventScope, after?: Cursor): AsyncGenerator<Span> {
  if (scope.only !== undefined || !narrowsFacets(scope.filter)) {
    yield { fromMs: scope.fromMs, toMs: scope.toMs };
    return;
  }
  const endMs = after === undefined ? scope.toMs : Math.min(scope.toMs, Date.parse(after.at) + 1);
  // Most of what is asked for has happened just now; then no rollup needs to be read.
  const recentMs = Math.max(scope.fromMs, endMs - HOUR_MS);
  yield { fromMs: recentMs, toMs: scope.toMs };
  if (recentMs > scope.fromMs) {
    yield* spansWithEvents(db, scope, { fromMs: scope.fromMs, toMs: recentMs });
  }
}

/**
 * The parts of a span in which the rollups counted something of a scope, newest first: by the minute where minutes are kept, else
 * by the hour. Each is looked for when it is asked for.
 */
async function* spansWithEvents(db: Executor, scope: EventScope, span: Span): AsyncGenerator<Span> {
  const [summed, apps] = await Promise.all([readSummed(db), scope.apps ?? registeredApps(db)]);
  const minutesSinceMs = await minutesKeptSince(db, apps);
  const filter = withFolded(scope.filter);
  const scopeOf = (part: Span, rollup: 'minute' | 'hour'): RollupScope => ({
    apps,
    isEveryApp: scope.apps === null,
    window: { ...part, nowMs: span.toMs, bucketMs: rollup === 'hour' ? HOUR_MS : MINUTE_MS, rollup },
    filter,
  });
  const startsIn = async (part: Span, rollup: 'minute' | 'hour') =>
    (await countVerdictsOverTime(db, scopeOf(part, rollup), summed)).map(({ atMs }) => atMs);

  const whole = { fromMs: Math.floor(span.fromMs / HOUR_MS) * HOUR_MS, toMs: span.toMs };
  const segments = facetSegments({ ...whole, rollup: 'hour' }, summed);
  for (const piece of segments.flatMap(piecesOf).reverse()) {
    // A week is looked at by days only where it holds something at all.
    const isWeek = piece.toMs - piece.fromMs > DAY_MS;
    if (isWeek && !(await isAnyCounted(db, scopeOf(piece, 'hour'), summed))) continue;
    for (const part of slices(piece, DAY_MS).reverse()) {
      const without = await hoursWithoutVersions(db, scopeOf(part, 'hour'), summed);
      if (without.size * HOUR_MS >= part.toMs - part.fromMs) continue;
      const hours = (await startsIn(part, 'hour')).filter((ms) => !without.has(ms));
      if (part.fromMs < minutesSinceMs) yield* spansOf(hours, HOUR_MS, cut(part, span));
      else {
        for (const fromMs of newestFirst(hours)) {
          const hour = cut({ fromMs, toMs: fromMs + HOUR_MS }, part);
          yield* spansOf(await startsIn(hour, 'minute'), MINUTE_MS, cut(hour, span));
        }
      }
    }
  }
}

const NO_HOURS: ReadonlySet<number> = new Set();

/**
 * The hours that are known not to hold what is demanded of versions: combinations fold versions into one when they are too many,
 * and then every hour may hold what is asked for; cells tell versions apart for longer.
 */
async function hoursWithoutVersions(
  db: Executor,
  { apps, window, filter }: RollupScope,
  { cellHours }: Summed,
): Promise<ReadonlySet<number>> {
  if (filter.osVersion.length === 0 && filter.appVersion.length === 0) return NO_HOURS;
  if (cellHours === undefined || window.fromMs < cellHours.fromMs || window.toMs > cellHours.toMs)
    return NO_HOURS;
  const inCells = {
    ...filter,
    country: orFolded(filter.country),
    verdict: [],
    threat: [],
    network: [],
    policyVersion: [],
  };
  const rows = await db.execute<{ ms: number }>(sql`
    select (extract(epoch from r.bucket) * 1000)::float8 as ms from cell_hours r
    where ${rollupRows(apps, window)} group by r.bucket
    having not bool_or(${facetConditions(ROLLUP_FACETS, inCells)})`);
  return new Set(rows.map(({ ms }) => ms));
}

/** Weeks one by one, of all else at most a day: what is looked at by one question. */
const piecesOf = (segment: ReturnType<typeof facetSegments>[number]): Span[] =>
  slices(segment, segment.source === 'weeks' ? 7 * DAY_MS : DAY_MS);

function slices({ fromMs, toMs }: Span, widthMs: number): Span[] {
  return Array.from({ length: Math.ceil((toMs - fromMs) / widthMs) }, (_, index) => ({
    fromMs: fromMs + index * widthMs,
    toMs: Math.min(fromMs + (index + 1) * widthMs, toMs),
  }));
}

const newestFirst = (starts: readonly number[]) => [...new Set(starts)].sort((a, b) => b - a);

const cut = (part: Span, within: Span): Span => ({
  fromMs: Math.max(part.fromMs, within.fromMs),
  toMs: Math.min(part.toMs, within.toMs),
});

/** Values that were too many are counted as one: what is asked for may be among them. */
const orFolded = (values: readonly string[]) => (values.length === 0 ? [] : [...values, OTHER]);

const withFolded = (filter: FacetFilter): FacetFilter => ({
  ...filter,
  osVersion: orFolded(filter.osVersion),
  appVersion: orFolded(filter.appVersion),
});

/** Neighbouring hours or minutes, by when they begin, as one span each, newest first, cut to a span. */
export function spansOf(starts: readonly number[], widthMs: number, within: Span): Span[] {
  const spans: Span[] = [];
  for (const fromMs of newestFirst(starts)) {
    const last = spans.at(-1);
    if (last && last.fromMs === fromMs + widthMs) last.fromMs = fromMs;
    else spans.push({ fromMs, toMs: fromMs + widthMs });
  }
  return spans.map((span) => cut(span, within)).filter(({ fromMs, toMs }) => fromMs < toMs);
}
