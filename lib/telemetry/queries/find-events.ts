import type { Executor } from '@/lib/db';
import { OTHER } from '../facet-limiter';
import { type FacetFilter, narrowsFacets } from './conditions';
import type { Cursor } from './cursor';
import { type EventScope, type ListedEvent, listEvents } from './events';
import { countVerdictsOverTime, type VerdictCount } from './facet-rows';
import { areMinutesKept } from './kept-minutes';
import { registeredApps } from './rollups';
import { readSummed } from './summed';
import { isByMinute, type TimeWindow } from './time-window';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

type Span = { fromMs: number; toMs: number };

/**
 * One page of events after a position, newest first. What few events have in common is looked for only in the hours (within a
 * day, the minutes) in which the rollups counted it: a rare combination does not read all events of a month.
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
    yield* await spansWithEvents(db, scope, { fromMs: scope.fromMs, toMs: recentMs });
  }
}

/** The parts of a span in which the rollups counted something of a scope, newest first. */
async function spansWithEvents(db: Executor, scope: EventScope, span: Span): Promise<Span[]> {
  const [summed, apps] = await Promise.all([readSummed(db), scope.apps ?? registeredApps(db)]);
  const hasMinutes = isByMinute(scope) && (await areMinutesKept(db, apps, span.fromMs));
  const rollup = hasMinutes ? 'minute' : 'hour';
  const widthMs = rollup === 'minute' ? MINUTE_MS : HOUR_MS;
  const window: TimeWindow = {
    fromMs: Math.floor(span.fromMs / widthMs) * widthMs,
    toMs: span.toMs,
    nowMs: span.toMs,
    bucketMs: widthMs,
    rollup,
  };
  const counts = await countVerdictsOverTime(db, { apps, window, filter: withFolded(scope.filter) }, summed);
  return spansOf(counts, widthMs, span);
}

/** Values that were too many are counted as one: what is asked for may be among them. */
function withFolded(filter: FacetFilter): FacetFilter {
  const or = (values: readonly string[]) => (values.length === 0 ? [] : [...values, OTHER]);
  return { ...filter, osVersion: or(filter.osVersion), appVersion: or(filter.appVersion) };
}

/** Neighbouring hours or minutes as one span each, newest first, cut to a span. */
export function spansOf(counts: readonly VerdictCount[], widthMs: number, within: Span): Span[] {
  const starts = [...new Set(counts.map(({ atMs }) => atMs))].sort((a, b) => b - a);
  const spans: Span[] = [];
  for (const fromMs of starts) {
    const last = spans.at(-1);
    if (last && last.fromMs === fromMs + widthMs) last.fromMs = fromMs;
    else spans.push({ fromMs, toMs: fromMs + widthMs });
  }
  return spans
    .map(({ fromMs, toMs }) => ({
      fromMs: Math.max(fromMs, within.fromMs),
      toMs: Math.min(toMs, within.toMs),
    }))
    .filter(({ fromMs, toMs }) => fromMs < toMs);
}
