import type { VerbContext } from '@/lib/auth';
import { countActive } from '@/lib/blocks';
import type { Overview, TelemetryFilter } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { breakDown } from './breakdown';
import { narrowsFacets } from './conditions';
import { countRejectedDevices } from './events';
import { meanPerMinute, passRateOf, refusedOf, topThreats, versionThreat } from './overview-figures';
import { readSeries } from './read-series';
import { readsOf } from './reads';
import {
  countRejectedDeviceDays,
  countRejectedInstances,
  isToldByEvents,
  readNoted,
  rejectionParts,
} from './rejected-devices';
import { countRequests } from './requests';
import { countLastMinute, firstEventMs } from './rollups';
import { requestApps, rollupScope, type TelemetryScope } from './scope';
import { readSummed } from './summed';
import { isComparable, previousWindow } from './time-window';

/**
 * Everything that the Overview shows, under one filter; what it is broken down by a facet, without what is demanded of that
 * facet. @throws AppError `permission_denied`, `request_invalid`
 */
export async function readOverview(ctx: VerbContext, filter: TelemetryFilter): Promise<Overview> {
  const db = readsOf(ctx);
  const [scope, summed] = await Promise.all([rollupScope(ctx, filter), readSummed(db)]);
  const before: TelemetryScope = { ...scope, window: previousWindow(scope.window) };
  const first = firstEventMs(db, scope.apps);
  const [firstMs, now, previous, lastMinute, figures, series, activeBlocks] = await Promise.all([
    first,
    breakDown(db, scope, summed),
    breakDown(db, before, summed, ['verdicts', 'threats']),
    countLastMinute(db, scope),
    readComparedFigures(db, scope, before),
    first.then((firstMs) => readSeries(db, scope, summed, firstMs)),
    countActive(ctx.db.orm, scope.askedApps, new Date(scope.window.nowMs)),
  ]);
  // Without a record of all of it there is nothing to compare with, which is not the same as zero.
  const compared = <Value>(value: Value): Value | null =>
    isComparable(before.window, firstMs) ? value : null;
  return {
    from: series.from,
    to: series.to,
    attestationsPerMinute: { now: lastMinute, previous: compared(meanPerMinute(previous, before.window)) },
    passRate: { now: passRateOf(now), previous: compared(passRateOf(previous)) },
    devicesRejected: { now: figures.rejected.now, previous: compared(figures.rejected.previous) },
    refusedRequests: {
      now: refusedOf(figures.requests.now),
      previous: compared(refusedOf(figures.requests.previous)),
    },
    activeBlocks,
    series,
    topThreats: topThreats(now, previous, filter),
    versionThreat: versionThreat(now, filter),
    countries: now.countries.map(({ value, events, rejected }) => ({ country: value, events, rejected })),
    networks: now.networks.map(({ value, events, rejected }) => ({ network: value, events, rejected })),
    requests: figures.requests.now,
  };
}

async function readComparedFigures(db: Executor, scope: TelemetryScope, before: TelemetryScope) {
  const noted = readNoted(db, scope.apps);
  const [rejectedNow, rejectedBefore, requestsNow, requestsBefore] = await Promise.all([
    noted.then((known) => rejectedDevices(db, scope, known)),
    noted.then((known) => rejectedDevices(db, before, known)),
    countRequests(db, requestApps(scope), scope.window),
    countRequests(db, requestApps(before), before.window),
  ]);
  return {
    rejected: { now: rejectedNow, previous: rejectedBefore },
    requests: { now: requestsNow, previous: requestsBefore },
  };
}

type Noted = Awaited<ReturnType<typeof readNoted>>;

/** By days for long windows, by minutes for short ones, at any size; under other facets only the events can tell. */
function rejectedDevices(
  db: Executor,
  { apps, askedApps, window, filter }: TelemetryScope,
  noted: Noted,
): Promise<number> {
  const isNarrowed = narrowsFacets(filter);
  if (window.rollup === 'hour' && !isNarrowed) return countRejectedDeviceDays(db, apps, window);
  const parts = isNarrowed ? null : rejectionParts(window, noted);
  return parts === null || isToldByEvents(parts)
    ? countRejectedDevices(db, { apps: askedApps, fromMs: window.fromMs, toMs: window.toMs, filter })
    : countRejectedInstances(db, apps, parts);
}
