import { sql } from 'drizzle-orm';
import type { VerbContext } from '@/lib/auth';
import { refusedOf } from './overview-figures';
import { readsOf } from './reads';
import { countRequests } from './requests';
import { countByApp } from './summaries';
import { readSummed } from './summed';

const HOUR_MS = 3_600_000;

type ReadContext = Pick<VerbContext, 'db' | 'replica'>;

/** Since when something is stored of an app, in milliseconds since the epoch; `null` where nothing is. */
export interface StoredSince {
  /** Single attestations and refused requests. */
  events: number | null;
  /** Counts by the minute. */
  minutes: number | null;
  /** Counts by the hour. */
  hours: number | null;
  /** Events whose addresses have not been forgotten. */
  addresses: number | null;
}

/** Since when each kind of telemetry is stored of an app. */
export async function readStoredSince(ctx: ReadContext, appId: string): Promise<StoredSince> {
  const [row] = await readsOf(ctx).execute<StoredSince & Record<string, unknown>>(sql`
    with since as (
      select least(${firstEvent('attestation_events', appId)}, ${firstEvent('request_events', appId)}) as events,
        least(${firstCount('attestation_rollup_minutes', appId)}, ${firstCount('request_rollup_minutes', appId)}) as minutes,
        least(${firstCount('attestation_rollup_hours', appId)}, ${firstCount('request_rollup_hours', appId)}) as hours,
        (select f.forgotten_to from forgotten_addresses f
          where f.parent = 'attestation_events' and f.app_id = ${appId}) as forgotten_to
    )
    select ${epochMs('events')} as events, ${epochMs('minutes')} as minutes, ${epochMs('hours')} as hours,
      case when events is not null then ${epochMs('greatest(events, forgotten_to)')} end as addresses
    from since`);
  return { events: null, minutes: null, hours: null, addresses: null, ...row };
}

function epochMs(instant: string) {
  return sql`(extract(epoch from ${sql.raw(instant)}) * 1000)::float8`;
}

/** Spelled as the index is, read backwards: Postgres would not use it for its own default, `nulls last`. */
function firstEvent(table: 'attestation_events' | 'request_events', appId: string) {
  return sql`(select e.received_at from ${sql.identifier(table)} e where e.app_id = ${appId}
    order by e.received_at nulls first limit 1)`;
}

function firstCount(table: string, appId: string) {
  return sql`(select r.bucket from ${sql.identifier(table)} r where r.app_id = ${appId} order by r.bucket limit 1)`;
}

/** How much was counted of an app in a span of whole hours. Rows of refused requests are at most as many. */
export async function countWithin(
  ctx: ReadContext,
  appId: string,
  span: { fromMs: number; toMs: number },
): Promise<{ attestations: number; refusedRequests: number }> {
  const db = readsOf(ctx);
  const window = { ...span, nowMs: span.toMs, bucketMs: HOUR_MS, rollup: 'hour' } as const;
  const [apps, requests] = await Promise.all([
    countByApp(db, [appId], window, await readSummed(db)),
    countRequests(db, [appId], window),
  ]);
  return { attestations: apps[0]?.events ?? 0, refusedRequests: refusedOf(requests) };
}
