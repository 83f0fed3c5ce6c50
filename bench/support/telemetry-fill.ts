import type { Database } from '@/lib/db';

/** A fleet of two apps, 5 versions each, 10 OS versions, 40 models and 20 countries, as SQL over a random number per column. */
const SAMPLE = `
  select i, id, at, date_trunc('hour', at) as hour, 'bench-w' || (i % 2) as writer,
    case when a < 0.65 then 'bench-one' else 'bench-two' end as app_id,
    p as platform,
    case p when 'ios' then '26.' else '1' end || floor(5 * o * o)::int as os_version,
    '5.' || floor(5 * v * v)::int || '.0' as app_version,
    case p when 'ios' then 'iPhone' else 'Pixel ' end || floor(20 * m * m)::int as model,
    (array['DE','FR','GB','NL','PL','ES','IT','SE','US','BR','IN','JP','CA','MX','TR','ID','KR','ZA','AR','AU'])[1 + floor(20 * c * c)::int] as country,
    (array['access','access','access','access','access','access','private','hosting','anonymiser','unknown'])[1 + floor(10 * n)::int] as network_kind,
    case when t >= 0.08 then '' else
      (array['hooks','root','emulator','debugger','developer_mode','passcode_missing','vpn','repackaged'])[1 + floor(t * 100)::int] end as threat,
    case when t >= 0.08 then 'trusted' when t < 0.03 then 'rejected' when t < 0.05 then 'restricted' else 'flagged' end as verdict,
    1 + floor(2 * y)::int as policy_version,
    floor(devices * d * d)::int as device,
    (200 + 3000 * l * l)::int as latency_us
  from (
    select i, gen_random_uuid() as id, $1::timestamptz + (i + random()) * ($2::timestamptz - $1::timestamptz) / $3::int as at,
      case when random() < 0.45 then 'ios' else 'android' end as p, $3::int / 20 as devices,
      random() a, random() o, random() v, random() m, random() c, random() n, random() t, random() y, random() d, random() l
    from generate_series(0, $3::int - 1) i
  ) r`;

/** Minutes and cells are kept for a week: of earlier days only what was made of them is filled, not they themselves. */
const FINE_DAYS = 8;
const IS_KEPT_FINE = `at >= date_trunc('day', now()) - interval '${FINE_DAYS} days'`;

const PLACE = 'app_id, writer, hour';
const FACETS = 'verdict, threat, platform, os_version, app_version, country, network_kind, policy_version';
const CELL = 'platform, os_version, app_version, model, country';

/**
 * Tables for one step. The rollups count a sample under other values than it has: of each app, a writer of the service tells
 * so many combinations of facets and so many cells apart within an hour (see `FacetLimiter`); versions and models of what is
 * new beyond that are `(other)`.
 */
const TEMPORARY: readonly (readonly [table: string, query: string])[] = [
  ['bench_sample', SAMPLE],
  [
    'bench_combinations',
    `select ${PLACE}, ${FACETS}, row_number() over (partition by ${PLACE} order by min(i)) > 10000 as is_folded
     from bench_sample group by ${PLACE}, ${FACETS}`,
  ],
  [
    'bench_cells',
    `select ${PLACE}, ${CELL}, row_number() over (partition by ${PLACE} order by min(i)) > 4000 as is_coarse
     from bench_sample where ${IS_KEPT_FINE} group by ${PLACE}, ${CELL}`,
  ],
  [
    'bench_counted',
    `select i, at, writer, app_id, verdict, threat, platform, country, network_kind, policy_version, device, latency_us,
       case when is_folded then '(other)' else os_version end as os_version,
       case when is_folded then '(other)' else app_version end as app_version,
       os_version as cell_os_version, app_version as cell_app_version,
       case when is_coarse then '(other)' else model end as model
     from bench_sample
       join bench_combinations using (${PLACE}, ${FACETS})
       left join bench_cells using (${PLACE}, ${CELL})`,
  ],
];

const facetId = `md5(${FACETS.split(', ').join(` || '|' || `)})::uuid`;

/**
 * Statements that turn a sample into what the service would have written, each consistent with the others. Rows of large rollups
 * are put in the order of time, as they come in the service: those of an hour lie side by side.
 */
const STATEMENTS: readonly string[] = [
  `insert into attestation_events (subject_id, received_at, id, reference, kind, app_id, instance_id, verdict,
     deciding_threat, deciding_rule, policy_version, platform, format, environment, app_version, os_version, model, country,
     network_kind, asn, network_prefix, address_hash, threats, detail, latency_us, node)
   select md5(app_id || device)::uuid, at, id, upper(substr(md5(id::text), 1, 4) || '-' || substr(md5(id::text), 5, 4)), 'attest',
     app_id, md5(app_id || device)::uuid, verdict, nullif(threat, ''), nullif('threat.' || threat, 'threat.'), policy_version,
     platform, 'android-key', 'production', app_version, os_version, model, country, network_kind, 64500,
     '198.51.100.0/24', decode(md5(device::text), 'hex'), case threat when '' then '{}' else array[threat] end,
     '{}', latency_us, writer
   from bench_sample where at >= now() - $1::int * interval '1 day'`,
  ...(['minutes', 'hours'] as const).map(
    (
      table,
    ) => `insert into attestation_rollup_${table} (app_id, bucket, writer, facet, verdict, deciding_threat, platform,
       os_version, app_version, country, network_kind, policy_version, events, latency_us)
     select app_id, date_trunc('${table.slice(0, -1)}', at), writer, ${facetId}, verdict, threat, platform,
       os_version, app_version, country, network_kind, policy_version, count(*), sum(latency_us)
     from bench_counted ${table === 'minutes' ? `where ${IS_KEPT_FINE}` : ''} group by 1, 2, 3, 4, ${FACETS} order by 2, 1, 3`,
  ),
  `insert into attestation_series_quarters (app_id, bucket, verdict, events)
   select app_id, date_bin('15 minutes', at, 'epoch'), verdict, count(*)
   from bench_sample where not (${IS_KEPT_FINE}) group by 1, 2, 3`,
  `insert into cell_rollups (app_id, bucket, writer, cell, signal, platform, os_version, app_version, model, country, events)
   select app_id, date_bin('10 minutes', at, 'epoch'), writer,
     md5(platform || '|' || cell_os_version || '|' || cell_app_version || '|' || model || '|' || country)::uuid, signal,
     platform, cell_os_version, cell_app_version, model, country, count(*)
   from bench_counted cross join lateral (
     select '' as signal union all select threat where threat <> ''
     union all select 'verdict:' || verdict where verdict <> 'trusted') signals
   where ${IS_KEPT_FINE}
   group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 order by 2, 1, 3`,
  `insert into counter_rollup_minutes (app_id, bucket, writer, name, bin, events)
   select app_id, date_trunc('minute', at), writer, name, bin, count(*)
   from bench_sample cross join lateral (
     select 'challenge' as name, 0 as bin
     union all select 'latency_attest', greatest(0, ceil(6 * log(latency_us / 100.0)))::int) counted
   where ${IS_KEPT_FINE}
   group by 1, 2, 3, 4, 5`,
  ...(['minutes', 'hours'] as const).map(
    (
      table,
    ) => `insert into request_rollup_${table} (app_id, bucket, writer, api_id, outcome, network_kind, requests)
     select app_id, date_trunc('${table.slice(0, -1)}', at), writer, 'payments',
       case verdict when 'rejected' then 'revoked' else 'valid' end, network_kind, 5 * count(*)
     from bench_sample ${table === 'minutes' ? `where ${IS_KEPT_FINE}` : ''}
     group by 1, 2, 3, 4, 5, 6`,
  ),
  `insert into device_days (app_id, day, instance_id, verdict)
   select distinct app_id, (at at time zone 'UTC')::date, md5(app_id || device)::uuid, verdict from bench_sample`,
];

const DAY_MS = 86_400_000;
/** Attestations made at once; whole days, because rollups of two steps must not meet. */
const STEP = 250_000;
/** Steps made side by side. */
const AT_ONCE = 2;

export interface Filling {
  readonly days: number;
  /** Of how many of them the attestations themselves are kept. */
  readonly eventDays: number;
  /** Told after each step, with the part that is done. */
  readonly onProgress: (part: number) => void;
}

/** Whole days, but for the last one, and how many attestations they get. */
interface Step {
  readonly fromMs: number;
  readonly toMs: number;
  readonly events: number;
}

/**
 * Fills the telemetry tables with `events` attestations spread evenly over the days up to now, and with the rollups, cells,
 * counters and device days that belong to them: what the service would have written, made by the database itself. Of the
 * attestations themselves only those of the newest `eventDays` days are kept.
 */
export async function fillTelemetry(
  owner: Database,
  events: number,
  { days, eventDays, onProgress }: Filling,
): Promise<void> {
  const { sql } = owner;
  const toMs = Date.now();
  const todayMs = Math.floor(toMs / DAY_MS) * DAY_MS;
  const firstMs = todayMs - days * DAY_MS;
  await sql`select countersign_ensure_partitions(${day(firstMs)}::date, ${day(toMs)}::date)`;
  const steps = stepsOf(events, firstMs, toMs);
  const left = [...steps];
  const work = async () => {
    for (let step = left.shift(); step !== undefined; step = left.shift()) {
      await fillStep(owner, step, eventDays);
      await summariseDays(owner, step);
      onProgress(1 - left.length / steps.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await linkRejectedDays(owner);
  await noteSummarised(owner, firstMs, todayMs);
  await summariseRest(owner);
  await noteRejections(owner);
  await dropExpired(owner);
  await sql.unsafe('vacuum analyze');
}

function stepsOf(events: number, firstMs: number, toMs: number): Step[] {
  const perMs = events / (toMs - firstMs);
  const stepMs = Math.max(1, Math.floor(STEP / (perMs * DAY_MS))) * DAY_MS;
  const steps: Step[] = [];
  for (let fromMs = firstMs; fromMs < toMs; fromMs += stepMs) {
    const endMs = Math.min(fromMs + stepMs, toMs);
    steps.push({ fromMs, toMs: endMs, events: Math.round(perMs * (endMs - fromMs)) });
  }
  return steps;
}

async function fillStep({ sql }: Database, { fromMs, toMs, events }: Step, eventDays: number): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local work_mem = '256MB'`;
    for (const [table, query] of TEMPORARY) {
      await tx.unsafe(
        `create temporary table ${table} on commit drop as ${query}`,
        query === SAMPLE ? [iso(fromMs), iso(toMs), events] : [],
      );
      await tx.unsafe(`analyze ${table}`);
    }
    for (const statement of STATEMENTS)
      await tx.unsafe(statement, statement.includes('$1') ? [eventDays] : []);
  });
}

/** Links rejected days, as the scheduled work does minute by minute. */
async function linkRejectedDays({ sql }: Database): Promise<void> {
  await sql`
    update device_days d set previous_day = linked.previous_day
    from (select app_id, day, instance_id,
            coalesce(lag(day) over (partition by app_id, instance_id order by day), '-infinity') as previous_day
          from device_days where verdict = 'rejected') linked
    where d.app_id = linked.app_id and d.day = linked.day and d.instance_id = linked.instance_id
      and d.verdict = 'rejected'`;
}

/** Counts which days are linked to which, and notes in which minutes devices were rejected, as far back as the scheduled work does. */
export async function noteRejections({ sql }: Database): Promise<void> {
  for (let isCounted = false; !isCounted; ) {
    const [row] = await sql<{ apps: number }[]>`select countersign_count_linked_days() as apps`;
    isCounted = !row?.apps;
  }
  for (let isNoted = false; !isNoted; ) {
    const [row] = await sql<{ more: boolean }[]>`select countersign_note_rejections() as more`;
    isNoted = row?.more !== true;
  }
  // As it is by itself within a minute or two.
  await sql.unsafe('vacuum analyze device_rejections');
}

interface Tier {
  readonly tier: string;
  readonly isFine: boolean;
}

/** What is summed by the day or finer, but for the day so far; weeks are made of that. What is made of others comes after them. */
async function dailyTiers({ sql }: Database): Promise<Tier[]> {
  return await sql<Tier[]>`
    select s.tier, made_of.kept = 'minute' as "isFine" from countersign_summary_tiers() s
      join countersign_telemetry_tables() made_of on made_of.parent = s.source
    where s.width <= interval '1 day' and s.tier <> 'attestation_rollup_today' order by s.width`;
}

/** Sums the whole days of a step, as on the day after each of them. */
async function summariseDays(owner: Database, { fromMs, toMs }: Step): Promise<void> {
  const fineFromMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - FINE_DAYS * DAY_MS;
  for (const { tier, isFine } of await dailyTiers(owner)) {
    for (let dayMs = fromMs; dayMs + DAY_MS <= toMs; dayMs += DAY_MS) {
      if (isFine && dayMs < fineFromMs) continue;
      await owner.sql`select countersign_summarise_span(${tier}, ${iso(dayMs)}, ${iso(dayMs + DAY_MS)})`;
    }
  }
}

/** Notes that all days before today are summed. */
async function noteSummarised(owner: Database, firstMs: number, todayMs: number): Promise<void> {
  for (const { tier } of await dailyTiers(owner)) {
    await owner.sql`
      insert into summary_progress (tier, summarised_from, summarised_to)
      values (${tier}, ${iso(firstMs)}, ${iso(todayMs)})`;
  }
  await owner.sql`
    insert into summary_days_seen (day, written)
    select ends_on - 1, countersign_rows_written(child) from countersign_partitions('attestation_rollup_hours')
    where ends_on <= ${day(todayMs)}::date`;
}

/** Sums what has ended since, and the weeks: what the scheduled work does minute by minute. */
export async function summariseRest({ sql }: Database): Promise<void> {
  for (;;) {
    const [row] = await sql<{ more: boolean }[]>`select countersign_summarise() as more`;
    if (row?.more !== true) return;
  }
}

/** Drops what is kept for a week only, once it is summed. */
async function dropExpired({ sql }: Database): Promise<void> {
  for (;;) {
    const [row] = await sql<{ child: string | null }[]>`select countersign_drop_expired_partition() as child`;
    if (!row?.child) return;
  }
}

const iso = (ms: number) => new Date(ms).toISOString();
const day = (ms: number) => iso(ms).slice(0, 10);
