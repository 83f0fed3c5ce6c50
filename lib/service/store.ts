import { and, desc, eq, ne, or, sql } from 'drizzle-orm';
import { apis, apps, appVersions, cutOffs, policyVersions, signingKeys, vaultKeys } from '@/drizzle/schema';
import { selectKeySnapshots } from '@/lib/api-keys';
import { loadPolicyStates } from '@/lib/apps';
import { loadBlockList } from '@/lib/blocks';
import { type FeedPosition, readFeedPosition } from '@/lib/changes';
import {
  type ApiSnapshot,
  type AppChange,
  apiSnapshotSchema,
  appChangeSchema,
  type CutOffSnapshot,
  type SigningKeySnapshot,
  signingKeySnapshotSchema,
  type UnsupportedPolicy,
} from '@/lib/contracts';
import type { Database, Executor, Tx } from '@/lib/db';
import { selectStatusList } from '@/lib/endorsements';
import { selectPartySnapshots } from '@/lib/relying-parties';
import type { SnapshotSource } from './snapshot/state';

/** Reads everything that a node must obey, and the feed's position, in one consistent view. */
export async function loadSnapshotSource(db: Database): Promise<SnapshotSource & FeedPosition> {
  return await db.orm.transaction(
    async (tx) => {
      // A large block list takes longer than any other statement of the service may.
      await tx.execute(sql`set local statement_timeout = '60s'`);
      const position = await readFeedPosition(tx);
      return {
        ...position,
        apps: await selectApps(tx),
        apis: await selectApis(tx),
        blocks: await loadBlockList(tx),
        signingKeys: await selectPublicSigningKeys(tx),
        cutOffs: await selectCutOffs(tx),
        apiKeys: await selectKeySnapshots(tx, null),
        relyingParties: await selectPartySnapshots(tx),
        statusList: await selectStatusList(tx, null),
      };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

async function selectApps(tx: Tx): Promise<AppChange[]> {
  const rows = await tx
    .select({ app: apps, policy: policyVersions.policy })
    .from(apps)
    .innerJoin(
      policyVersions,
      and(eq(policyVersions.appId, apps.id), eq(policyVersions.version, apps.policyVersion)),
    );
  const versions = await tx.select().from(appVersions);
  const states = await loadPolicyStates(tx, null);
  return rows.map(({ app, policy }) =>
    appChangeSchema.parse({
      ...app,
      ...states.of(app.id),
      policy,
      versions: versions.filter(({ appId }) => appId === app.id),
    }),
  );
}

async function selectApis(tx: Tx): Promise<ApiSnapshot[]> {
  return (await tx.select().from(apis)).map((api) => apiSnapshotSchema.parse(api));
}

/** Instances that were cut off longer ago have no token left that is older; a day leaves room for any clock. */
const INSTANCE_CUT_OFFS_SINCE = sql`clock_timestamp() - interval '1 day'`;

/** The latest cut-off of each target. */
async function selectCutOffs(tx: Tx): Promise<CutOffSnapshot[]> {
  return await tx
    .selectDistinctOn([cutOffs.scope, cutOffs.target], {
      id: cutOffs.id,
      scope: cutOffs.scope,
      target: cutOffs.target,
      notBeforeSeconds: sql<number>`extract(epoch from ${cutOffs.notBefore})::float8`,
    })
    .from(cutOffs)
    .where(or(ne(cutOffs.scope, 'instance'), sql`${cutOffs.notBefore} > ${INSTANCE_CUT_OFFS_SINCE}`))
    .orderBy(cutOffs.scope, cutOffs.target, desc(cutOffs.notBefore));
}

/** Every signing key, public half only. */
export async function selectPublicSigningKeys(tx: Executor): Promise<SigningKeySnapshot[]> {
  const { kid, publicJwk, state, status } = signingKeys;
  const rows = await tx.select({ kid, publicJwk, state, status }).from(signingKeys);
  return rows.map((row) => signingKeySnapshotSchema.parse(row));
}

/** A vault key as stored: its private half wrapped under the master key. */
export interface VaultKeyRow {
  publicJwk: unknown;
  wrappedPrivateKey: string;
}

/** The vault key of this id, if there is one. */
export async function selectVaultKey(db: Database, id: string): Promise<VaultKeyRow | undefined> {
  const [row] = await db.orm.select().from(vaultKeys).where(eq(vaultKeys.id, id));
  return row && { publicJwk: row.publicJwk, wrappedPrivateKey: row.wrappedPrivateKey.toString('ascii') };
}

/** Stores a vault key unless there is one with this id already, which is never touched. */
export async function insertVaultKey(db: Database, id: string, row: VaultKeyRow): Promise<void> {
  await db.orm
    .insert(vaultKeys)
    .values({
      id,
      publicJwk: row.publicJwk,
      wrappedPrivateKey: Buffer.from(row.wrappedPrivateKey, 'ascii'),
      createdAt: sql`clock_timestamp()`,
    })
    .onConflictDoNothing();
}

/** What a node tells of itself each second. */
export interface NodeReport {
  id: string;
  version: string;
  epoch: string;
  appliedSeq: number;
  clockSkewMs: number;
  unsupportedPolicies: readonly UnsupportedPolicy[];
}

/** Channel on which acknowledgements are told: JSON `{nodeId, seq}`. */
export const ACKS_CHANNEL = 'countersign_acks';

/**
 * Tells that a node is alive and how far it is; a row that was cleaned up comes back. With `isStart` its life begins
 * anew. Returns the database's clock in milliseconds, which also proves that the node can commit.
 */
export async function reportNode(
  { sql: query }: Database,
  node: NodeReport,
  isStart: boolean,
): Promise<number> {
  const [row] = await query<{ now: number }[]>`
    insert into service_nodes (id, version, started_at, last_seen_at, epoch, applied_seq, clock_skew_ms,
      unsupported_policies)
    values (${node.id}, ${node.version}, clock_timestamp(), clock_timestamp(), ${node.epoch}, ${node.appliedSeq},
            ${node.clockSkewMs}, ${JSON.stringify(node.unsupportedPolicies)}::text::jsonb)
    on conflict (id) do update set version = excluded.version, last_seen_at = excluded.last_seen_at,
      started_at = case when ${isStart} then excluded.started_at else service_nodes.started_at end,
      epoch = excluded.epoch, applied_seq = excluded.applied_seq, clock_skew_ms = excluded.clock_skew_ms,
      unsupported_policies = excluded.unsupported_policies, stopped_at = null
    returning (extract(epoch from clock_timestamp()) * 1000)::float8 as now`;
  return row?.now ?? Number.NaN;
}

/** Tells that a node ended in an orderly way. */
export async function retireNode({ sql: query }: Database, nodeId: string): Promise<void> {
  await query`update service_nodes set stopped_at = clock_timestamp() where id = ${nodeId}`;
}

/**
 * Acknowledges that a node enforces everything up to `seq`, and tells whoever listens. It waits neither for the disk, nor
 * for the node's own report that may be under way: should Postgres crash before the row is on disk, the next report says
 * how far the node is, and only the time that it took is lost: its next acknowledgement stands for it.
 */
export async function acknowledge({ sql: query }: Database, nodeId: string, seq: number): Promise<void> {
  await query`
    with ack as (
      insert into change_acks (seq, node_id, applied_at) values (${seq}, ${nodeId}, clock_timestamp())
      on conflict do nothing
    ), progress as (
      update service_nodes set applied_seq = ${seq} where id in (
        select id from service_nodes where id = ${nodeId} for update skip locked
      )
    )
    select set_config('synchronous_commit', 'off', true), pg_notify(${ACKS_CHANNEL}, ${JSON.stringify({ nodeId, seq })})`;
}
