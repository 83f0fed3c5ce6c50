import { type SQL, sql } from 'drizzle-orm';
import type { BlockScope } from '@/lib/contracts';
import type { Database, Executor } from '@/lib/db';

/** What a decision would have met. */
export interface Reach {
  devices: number;
  attestations: number;
}

/** After which counting is given up: somebody waits for the answer before they act. */
const PATIENCE_MS = 5_000;

const ofVersion = (column: SQL) => (target: string) => {
  const space = target.indexOf(' ');
  return sql`e.platform = ${target.slice(0, space)} and ${column} = ${target.slice(space + 1)}`;
};
const ofDevice = (condition: SQL) =>
  sql`e.instance_id in (select d.id from device_instances d where ${condition})`;

/** How the events of each scope's target are found. */
const EVENTS_OF: Readonly<Record<BlockScope, (target: string) => SQL>> = {
  instance: (target) => sql`e.subject_id = ${target}::uuid`,
  hardware: (target) => ofDevice(sql`d.claims->>'attestationKey' = ${target}`),
  signer: (target) => ofDevice(sql`d.claims->'app'->'signerDigests' ? ${target}`),
  network: (target) => sql`e.network_prefix::cidr <<= ${target}::cidr`,
  app_version: ofVersion(sql`e.app_version`),
  os_build: ofVersion(sql`e.os_version`),
  asn: (target) => sql`e.asn = ${target}::bigint`,
  country: (target) => sql`e.country = ${target}`,
  app: (target) => sql`e.app_id = ${target}`,
};

/**
 * Counts the devices and attestations since a time that a decision would have met, whatever they were otherwise judged;
 * `null` where that takes more than 5 s.
 */
export async function countReach(
  { orm }: Database,
  { scope, target, appId }: { scope: BlockScope; target: string; appId: string | null },
  since: Date,
): Promise<Reach | null> {
  try {
    return await orm.transaction(
      async (tx) => {
        await tx.execute(sql`set local statement_timeout = ${sql.raw(String(PATIENCE_MS))}`);
        const [row] = await tx.execute<{ devices: number; attestations: number }>(sql`
          select count(distinct e.instance_id)::int as devices, count(*)::int as attestations
          from attestation_events e
          where e.received_at >= ${since.toISOString()}::timestamptz
            and ${appId === null ? sql`true` : sql`e.app_id = ${appId}`} and ${EVENTS_OF[scope](target)}`);
        return row ? { devices: row.devices, attestations: row.attestations } : null;
      },
      { accessMode: 'read only' },
    );
  } catch (error) {
    if (isCancelled(error)) return null;
    throw error;
  }
}

/** Requests that relying parties asked about since a time, of one app. */
export async function countRequests(db: Executor, appId: string, since: Date): Promise<number> {
  const [row] = await db.execute<{ requests: number }>(sql`
    select coalesce(sum(requests), 0)::float8 as requests from request_rollup_hours
    where app_id = ${appId} and bucket >= ${since.toISOString()}::timestamptz`);
  return row?.requests ?? 0;
}

/** Whether a statement took too long: SQLSTATE 57014, here or in what it was caused by. */
export function isCancelled(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === '57014') || isCancelled(error.cause);
}
