import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '@/lib/db';
import { instant, isOneOf } from './conditions';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** From an instant up to another, which is not in it. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Distinct instances that were rejected on the (UTC) days that a window touches, as far as days are kept. Each rejected day is
 * linked to the one before it: whoever was rejected in the window is found once, on the day that is linked to before it. How many
 * days are linked to which is summed; where that is not done yet, the links are counted. Those who have none but days that are
 * not linked yet are told apart.
 */
export async function countRejectedDeviceDays(
  db: Executor,
  apps: readonly string[],
  window: Span,
): Promise<number> {
  if (apps.length === 0) return 0;
  const day = (ms: number) => sql`${new Date(ms).toISOString().slice(0, 10)}::date`;
  const [from, to] = [day(window.fromMs), day(window.toMs - 1)];
  const [row] = await db.execute<{ devices: number }>(sql`
    select coalesce(sum(linked.devices + others.devices), 0)::int as devices
    from (
      select a.app_id, greatest(first.day, a.kept_from) as since
      from (
        select id as app_id, countersign_first_kept_day('hour', id) as kept_from from apps
        where ${isOneOf(sql`id`, apps)} offset 0
      ) a cross join lateral (
        select f.day from device_days f where f.app_id = a.app_id and f.day >= ${from} and f.day <= ${to} order by f.day limit 1
      ) first offset 0
    ) kept cross join lateral (
      select case when exists (select from rejected_device_days s where s.app_id = kept.app_id) then (
        select coalesce(sum(s.devices), 0) from rejected_device_days s
        where s.app_id = kept.app_id and s.day >= kept.since and s.day <= ${to} and s.previous_day < kept.since
      ) else (
        select count(*) from device_days d
        where d.app_id = kept.app_id and d.verdict = 'rejected' and d.day >= kept.since and d.day <= ${to}
          and d.previous_day < kept.since
      ) end as devices
    ) linked cross join lateral (
      select count(distinct d.instance_id) as devices from device_days d
      where d.app_id = kept.app_id and d.verdict = 'rejected' and d.day >= kept.since and d.day <= ${to}
        and d.previous_day is null
        and not exists (
          select from device_days l
          where l.app_id = d.app_id and l.instance_id = d.instance_id and l.verdict = 'rejected'
            and l.day >= kept.since and l.day <= ${to} and l.previous_day is not null)
    ) others`);
  return row?.devices ?? 0;
}

/** From when to when the rejections of all these apps are noted; `null` where those of some are not yet. */
export async function readNoted(db: Executor, apps: readonly string[]): Promise<Span | null> {
  const [row] = await db.execute<{ apps: number; from: number; to: number }>(sql`
    select count(*)::int as apps, (extract(epoch from min(noted_to)) * 1000)::float8 as to, (extract(epoch from max(
      greatest(noted_from, countersign_first_kept_day('minute', app_id)::timestamp at time zone 'UTC'))) * 1000)::float8 as from
    from rejection_progress where ${isOneOf(sql`app_id`, apps)}`);
  return row && row.apps > 0 && row.apps === apps.length ? { fromMs: row.from, toMs: row.to } : null;
}

/** What tells the rejections of a window. */
export interface RejectionParts {
  /** Whole minutes that are noted. */
  readonly noted: Span;
  /** The whole hours in them, which are summed. */
  readonly hours: Span | null;
  /** What only the events can tell: what is not noted yet or any more, and parts of minutes. */
  readonly events: readonly Span[];
}

/** What tells the rejections of a window, given from when to when they are noted; `null` where only the events can. */
export function rejectionParts(window: Span, known: Span | null): RejectionParts | null {
  if (known === null) return null;
  const fromMs = Math.ceil(Math.max(window.fromMs, known.fromMs) / MINUTE_MS) * MINUTE_MS;
  const toMs = Math.floor(Math.min(window.toMs, known.toMs) / MINUTE_MS) * MINUTE_MS;
  if (fromMs >= toMs) return null;
  const hours = {
    fromMs: Math.ceil(fromMs / HOUR_MS) * HOUR_MS,
    toMs: Math.floor(toMs / HOUR_MS) * HOUR_MS,
  };
  return {
    noted: { fromMs, toMs },
    hours: hours.fromMs < hours.toMs ? hours : null,
    events: [
      { fromMs: window.fromMs, toMs: fromMs },
      { fromMs: toMs, toMs: window.toMs },
    ].filter((span) => span.fromMs < span.toMs),
  };
}

/** Whether so little is noted of a window that all of it is sooner counted from the events. */
export function isToldByEvents({ events }: RejectionParts): boolean {
  return events.reduce((sumMs, { fromMs, toMs }) => sumMs + toMs - fromMs, 0) > HOUR_MS;
}

/**
 * Distinct instances that were rejected in a window, to the millisecond. Each minute in which an instance was rejected is linked
 * to the one before it: whoever was rejected in the window is found once, in the minute that is linked to before it. For whole
 * hours it is summed how many are linked to which hour before; what is linked to the window's first, incomplete one is taken out
 * of that, being found there. Of what only the events tell those are added who have no such minute in the window.
 */
export async function countRejectedInstances(
  db: Executor,
  apps: readonly string[],
  { noted, hours, events }: RejectionParts,
): Promise<number> {
  const ofApps = isOneOf(sql`app_id`, apps);
  const within = (column: SQL, { fromMs, toMs }: Span) =>
    sql`${column} >= ${instant(fromMs)} and ${column} < ${instant(toMs)}`;
  const firstIn = (span: Span) => sql`(select count(*) from device_rejections
    where ${ofApps} and ${within(sql`hour`, { ...span, fromMs: Math.floor(span.fromMs / HOUR_MS) * HOUR_MS })}
      and ${within(sql`at`, span)} and previous_at < ${instant(noted.fromMs)})`;
  const counts: SQL[] = [];
  if (hours === null) counts.push(firstIn(noted));
  else {
    const before = { fromMs: noted.fromMs, toMs: hours.fromMs };
    const after = { fromMs: hours.toMs, toMs: noted.toMs };
    counts.push(sql`coalesce((select sum(devices) from rejected_device_hours
      where ${ofApps} and ${within(sql`hour`, hours)} and previous_hour < ${instant(hours.fromMs)}), 0)`);
    if (before.fromMs < before.toMs) {
      counts.push(
        firstIn(before),
        sql`-(select count(*) from device_rejections
          where ${ofApps} and ${within(sql`previous_at`, before)} and ${within(sql`at`, hours)})`,
      );
    }
    if (after.fromMs < after.toMs) counts.push(firstIn(after));
  }
  if (events.length > 0) {
    // Looked up one by one (`offset 0`): joined, a day whose partition is not analysed yet may be read for each of them.
    const told = events.map(
      (span) => sql`select app_id, instance_id from attestation_events
        where ${ofApps} and verdict = 'rejected' and instance_id is not null and ${within(sql`received_at`, span)}`,
    );
    counts.push(sql`(select count(distinct e.instance_id) from (
      select told.app_id, told.instance_id from (${sql.join(told, sql` union all `)}) told offset 0) e where not exists (
      select from device_rejections r
      where r.app_id = e.app_id and r.instance_id = e.instance_id and ${within(sql`r.at`, noted)} offset 0))`);
  }
  const [row] = await db.execute<{ devices: number }>(
    sql`select (${sql.join(counts, sql` + `)})::int as devices`,
  );
  return row?.devices ?? 0;
}
