import { desc, eq, inArray, sql } from 'drizzle-orm';
import { originProbes, protectedOrigins } from '@/drizzle/schema';
import {
  CERTIFICATE_FINDINGS,
  type ChainCertificate,
  chainCertificateSchema,
  PROBE_OUTCOMES,
} from '@/lib/contracts';
import type { OriginId } from '@/lib/core';
import type { Database, Executor, Tx } from '@/lib/db';

/** A probe as stored, its chain parsed. */
export interface ProbeRow {
  id: string;
  originId: string;
  probedAt: Date;
  requestedByName: string | null;
  outcome: (typeof PROBE_OUTCOMES)[number];
  address: string | null;
  protocol: string | null;
  durationMs: number;
  chain: ChainCertificate[];
  findings: (typeof CERTIFICATE_FINDINGS)[number][];
}

/** An origin whose turn it is, taken by this process until `LEASE` is over. */
export interface DueOrigin {
  id: OriginId;
  host: string;
  port: number;
  serverName: string | null;
  requestedByName: string | null;
  /** The database's clock in milliseconds. */
  nowMs: number;
}

/** A probe that never ended, because its process did, comes again after so long. */
const LEASE = '1 minute';

/** Takes origins whose probe is due, those that somebody waits for first. No two processes take the same. */
export async function takeDueOrigins({ sql: query }: Database, limit: number): Promise<DueOrigin[]> {
  const rows = await query<
    {
      id: string;
      host: string;
      port: number;
      server_name: string | null;
      by: string | null;
      now_ms: number;
    }[]
  >`
    update protected_origins as o set probe_due_at = clock_timestamp() + ${LEASE}::interval
    from (
      select id from protected_origins where probe_due_at <= clock_timestamp()
      order by probe_requested_at is null, probe_due_at limit ${limit} for no key update skip locked
    ) as due
    where o.id = due.id
    returning o.id, o.host, o.port, o.server_name, o.probe_requested_by_name as by,
      (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms`;
  return rows.map((row) => ({
    id: row.id as OriginId,
    host: row.host,
    port: row.port,
    serverName: row.server_name,
    requestedByName: row.by,
    nowMs: row.now_ms,
  }));
}

/** Files a probe, sets when the next is due, and answers whoever waited. `false` where the origin is gone. */
export async function insertProbe(tx: Tx, probe: ProbeRow, nextInSeconds: number): Promise<boolean> {
  const kept = await tx
    .update(protectedOrigins)
    .set({
      probeDueAt: sql`clock_timestamp() + make_interval(secs => ${nextInSeconds})`,
      probeRequestedAt: null,
      probeRequestedByName: null,
    })
    .where(eq(protectedOrigins.id, probe.originId))
    .returning({ id: protectedOrigins.id });
  if (kept.length === 0) return false;
  await tx.insert(originProbes).values(probe);
  return true;
}

/** The newest probe of each origin, and the newest that read a chain. */
export async function newestProbes(
  db: Executor,
  originIds: readonly string[],
): Promise<{ newest: ReadonlyMap<string, ProbeRow>; withChain: ReadonlyMap<string, ProbeRow> }> {
  if (originIds.length === 0) return { newest: new Map(), withChain: new Map() };
  const ids = await db.execute<{ newest: string | null; with_chain: string | null }>(sql`
    select n.id as newest, c.id as with_chain
    from unnest(array[${sql.join(
      originIds.map((id) => sql`${id}::uuid`),
      sql`, `,
    )}]) as o(id)
    left join lateral (
      select id from origin_probes where origin_id = o.id order by probed_at desc nulls last limit 1) n on true
    left join lateral (
      select id from origin_probes where origin_id = o.id and outcome = 'ok'
      order by probed_at desc nulls last limit 1) c on true`);
  const wanted = [...new Set([...ids].flatMap((row) => [row.newest, row.with_chain]))].filter(
    (id) => id !== null,
  );
  const rows =
    wanted.length === 0 ? [] : await db.select().from(originProbes).where(inArray(originProbes.id, wanted));
  const byId = new Map(rows.map((row) => [row.id, toRow(row)]));
  const pick = (column: 'newest' | 'with_chain') =>
    new Map(
      [...ids].flatMap((row): [string, ProbeRow][] => {
        const probe = byId.get(row[column] ?? '');
        return probe === undefined ? [] : [[probe.originId, probe]];
      }),
    );
  return { newest: pick('newest'), withChain: pick('with_chain') };
}

/** The newest probes of an origin, newest first. */
export async function listProbes(db: Executor, originId: OriginId, limit: number): Promise<ProbeRow[]> {
  const rows = await db
    .select()
    .from(originProbes)
    .where(eq(originProbes.originId, originId))
    .orderBy(sql`${originProbes.probedAt} desc nulls last`, desc(originProbes.id))
    .limit(limit);
  return rows.map(toRow);
}

/** Deletes probes that are older than the newest `keep` of their origin. Returns how many. */
export async function deleteOldProbes({ sql: query }: Pick<Database, 'sql'>, keep: number): Promise<number> {
  const result = await query`
    delete from origin_probes where id in (
      select id from (
        select id, row_number() over (partition by origin_id order by probed_at desc nulls last) as place
        from origin_probes) as ranked
      where place > ${keep})`;
  return result.count;
}

/** The columns hold what this module wrote; what a later version wrote besides is left out. */
function toRow(row: typeof originProbes.$inferSelect): ProbeRow {
  return {
    ...row,
    outcome: PROBE_OUTCOMES.find((one) => one === row.outcome) ?? 'handshake_failed',
    chain: chainCertificateSchema.array().parse(row.chain),
    findings: CERTIFICATE_FINDINGS.filter((one) => row.findings.includes(one)),
  };
}
