import type { Database } from '@/lib/db';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const STEP_MS = 60_000;
/** An adoption chart shows at least this much. */
const SHORTEST_MS = 30 * STEP_MS;
/** Steps of an adoption chart at most. */
const MOST_STEPS = 96;

/** What is known of the use of one version. */
export interface VersionFigures {
  devices: number;
  usingDevices: number;
  requestsLastHour: number;
  requestsLastDay: number;
  revokedRequestsLastDay: number;
  lastUsedAtMs: number | null;
}

export const NO_FIGURES: VersionFigures = {
  devices: 0,
  usingDevices: 0,
  requestsLastHour: 0,
  requestsLastDay: 0,
  revokedRequestsLastDay: 0,
  lastUsedAtMs: null,
};

/** Name under which a version's figures are found. */
export const figuresName = (keyId: string, version: number) => `${keyId} ${version}`;

/** The figures of every version of these keys that has any. */
export async function readFigures(
  { sql }: Database,
  keyIds: readonly string[],
  nowMs: number,
): Promise<Map<string, VersionFigures>> {
  const figures = new Map<string, VersionFigures>();
  if (keyIds.length === 0) return figures;
  const of = (keyId: string, version: number) => {
    const name = figuresName(keyId, version);
    const known = figures.get(name) ?? { ...NO_FIGURES };
    figures.set(name, known);
    return known;
  };
  const [devices, uses] = await Promise.all([
    sql<{ key_id: string; version: number; basis: 'delivered' | 'used'; devices: number }[]>`
      select key_id, version, basis, sum(devices)::float8 as devices from api_key_adoption
      where key_id = any(${[...keyIds]}::uuid[]) group by key_id, version, basis`,
    sql<{ key_id: string; version: number; hour: number; day: number; revoked: number; last: number }[]>`
      select key_id, version,
        coalesce(sum(requests) filter (where standing <> 'revoked' and bucket > to_timestamp(${nowMs - HOUR_MS} / 1000.0)), 0)::float8 as hour,
        coalesce(sum(requests) filter (where standing <> 'revoked' and bucket > to_timestamp(${nowMs - DAY_MS} / 1000.0)), 0)::float8 as day,
        coalesce(sum(requests) filter (where standing = 'revoked' and bucket > to_timestamp(${nowMs - DAY_MS} / 1000.0)), 0)::float8 as revoked,
        (extract(epoch from max(bucket)) * 1000)::float8 as last
      from api_key_uses
      where key_id = any(${[...keyIds]}::uuid[]) and bucket > to_timestamp(${nowMs - WEEK_MS} / 1000.0)
      group by key_id, version`,
  ]);
  for (const row of devices) {
    const known = of(row.key_id, row.version);
    // Shards are read one after the other, so that a move between two may be seen halfway.
    known[row.basis === 'delivered' ? 'devices' : 'usingDevices'] = Math.max(0, row.devices);
  }
  for (const row of uses) {
    Object.assign(of(row.key_id, row.version), {
      requestsLastHour: row.hour,
      requestsLastDay: row.day,
      revokedRequestsLastDay: row.revoked,
      lastUsedAtMs: row.last,
    });
  }
  return figures;
}

/** Devices per version at each of some times. */
export interface AdoptionSeries {
  timesMs: number[];
  delivered: { version: number; devices: number[] }[];
  used: { version: number; devices: number[] }[];
}

/** How devices moved between the versions of a key, from a time until now: at most 97 points, at least a minute apart. */
export async function readAdoption(
  { sql }: Database,
  keyId: string,
  fromMs: number,
  nowMs: number,
): Promise<AdoptionSeries> {
  const span = Math.min(Math.max(nowMs - fromMs, SHORTEST_MS), WEEK_MS);
  const stepMs = Math.ceil(span / MOST_STEPS / STEP_MS) * STEP_MS;
  const firstMs = Math.floor((nowMs - span) / stepMs) * stepMs;
  const rows = await sql<{ version: number; basis: 'delivered' | 'used'; at: number; devices: number }[]>`
    select version, basis, devices, (extract(epoch from at) * 1000)::float8 as at from (
      select version, basis, greatest(date_bin(make_interval(secs => ${stepMs / 1000}), bucket, 'epoch'),
        to_timestamp(${firstMs} / 1000.0)) as at, sum(devices)::float8 as devices
      from api_key_adoption where key_id = ${keyId} group by 1, 2, 3) as steps
    order by version desc, basis, at`;
  const timesMs = Array.from(
    { length: Math.floor((nowMs - firstMs) / stepMs) + 1 },
    (_, i) => firstMs + i * stepMs,
  );
  const seriesOf = (basis: 'delivered' | 'used') => {
    const own = rows.filter((row) => row.basis === basis);
    return [...new Set(own.map(({ version }) => version))].map((version) => {
      const moves = new Map(own.filter((row) => row.version === version).map((row) => [row.at, row.devices]));
      let devices = 0;
      const points = timesMs.map((at) => {
        devices += moves.get(at) ?? 0;
        return Math.max(0, devices);
      });
      return { version, devices: points };
    });
  };
  return { timesMs, delivered: seriesOf('delivered'), used: seriesOf('used') };
}

/** Somebody who presented a revoked version with a good token. */
export interface Presenter {
  instanceId: string | null;
  networkPrefix: string | null;
  country: string | null;
  requests: number;
  lastAtMs: number;
}

/** Of so many refused requests, the newest, presenters are told. */
const LOOKED_AT = 1_000;
const MOST_PRESENTERS = 20;

/** Who presented a revoked version of a key to one of these APIs in the last day, by device and network, most first. */
export async function readPresenters(
  { sql }: Database,
  { appId, apiIds }: { appId: string; apiIds: readonly string[] },
  nowMs: number,
): Promise<Presenter[]> {
  const rows = await sql<
    {
      instance_id: string | null;
      prefix: string | null;
      country: string | null;
      requests: number;
      at: number;
    }[]
  >`
    select instance_id, network_prefix as prefix, max(country) as country, count(*)::int as requests,
      (extract(epoch from max(received_at)) * 1000)::float8 as at
    from (
      select instance_id, network_prefix, country, received_at from request_events
      where app_id = ${appId} and api_id = any(${[...apiIds]}) and outcome = 'api_key_revoked'
        and received_at > to_timestamp(${nowMs - DAY_MS} / 1000.0)
      order by received_at desc nulls last, id desc nulls last limit ${LOOKED_AT}) as newest
    group by instance_id, network_prefix order by requests desc, at desc limit ${MOST_PRESENTERS}`;
  return rows.map(({ instance_id: instanceId, prefix: networkPrefix, at: lastAtMs, ...row }) => ({
    ...{ instanceId, networkPrefix, lastAtMs },
    ...row,
  }));
}
