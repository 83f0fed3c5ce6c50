import type { Database } from '@/lib/db';

/*
 * What rollups should hold, counted from the events themselves. Each statement gives the rows in which the two differ.
 */

const FACETS = `verdict, coalesce(deciding_threat, ''), platform, os_version, app_version, coalesce(country, ''),
  network_kind, policy_version`;
const ROLLUP_FACETS = `verdict, deciding_threat, platform, os_version, app_version, country, network_kind, policy_version`;
const CELL = `platform, os_version, app_version, model, coalesce(country, '')`;

function difference(counted: string, stored: string): string {
  return `with counted as (${counted}), stored as (${stored})
    (select 'missing' as what, c::text as row from (select * from counted except all select * from stored) c)
    union all (select 'invented', s::text from (select * from stored except all select * from counted) s)`;
}

const rollup = (unit: 'minute' | 'hour') =>
  difference(
    `select app_id, date_trunc('${unit}', received_at), node, ${FACETS}, count(*), sum(latency_us)
     from attestation_events group by ${Array.from({ length: 11 }, (_, index) => index + 1).join(', ')}`,
    `select app_id, bucket, writer, ${ROLLUP_FACETS}, events, latency_us from attestation_rollup_${unit}s`,
  );

const CELLS = difference(
  `select app_id, date_bin('10 minutes', received_at, 'epoch'), node, signal, ${CELL}, count(*)
   from attestation_events cross join lateral (
     select distinct s.signal from unnest(array['', deciding_threat] || threats
       || case verdict when 'trusted' then null else 'verdict:' || verdict end) as s(signal)
     where s.signal is not null
   ) found group by 1, 2, 3, 4, 5, 6, 7, 8, 9`,
  `select app_id, bucket, writer, signal, ${CELL}, events from cell_rollups`,
);

/** A device's day counts where its evidence was its own, which an event that let it pass proves. */
const DEVICE_DAYS = `
  select 'missing' as what, e::text as row from (
    select distinct app_id, (received_at at time zone 'UTC')::date, instance_id, verdict from attestation_events
    where verdict <> 'rejected'
    except select app_id, day, instance_id, verdict from device_days) e
  union all select 'invented', d::text from (
    select app_id, day, instance_id, verdict from device_days
    except select app_id, (received_at at time zone 'UTC')::date, instance_id, verdict from attestation_events) d`;

const REQUEST_HOURS = difference(
  `select app_id, date_trunc('hour', bucket), writer, api_id, outcome, network_kind, sum(requests)
   from request_rollup_minutes group by 1, 2, 3, 4, 5, 6`,
  'select app_id, bucket, writer, api_id, outcome, network_kind, requests from request_rollup_hours',
);

const INSTANCES = `
  select 'instance without enrolment' as what, i.id::text as row from device_instances i
  where not exists (select from attestation_events e where e.instance_id = i.id and e.kind = 'enrol')
  union all select 'event without instance', e.id::text from attestation_events e
  where e.verdict <> 'rejected' and not exists (select from device_instances i where i.id = e.instance_id)`;

const CHECKS = {
  minutes: rollup('minute'),
  hours: rollup('hour'),
  cells: CELLS,
  deviceDays: DEVICE_DAYS,
  requestHours: REQUEST_HOURS,
  instances: INSTANCES,
} as const;

/** Where what is stored differs from what the events say, by kind; nothing where all is well. */
export async function recount({ sql }: Database): Promise<Record<keyof typeof CHECKS, unknown[]>> {
  const entries = Object.entries(CHECKS).map(async ([name, statement]) => [
    name,
    [...(await sql.unsafe(statement))],
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<keyof typeof CHECKS, unknown[]>;
}
