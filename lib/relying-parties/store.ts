import { and, arrayOverlaps, asc, desc, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import { apis, changeFeed, relyingParties, relyingPartyReplicas } from '@/drizzle/schema';
import type { RelyingPartySnapshot, RelyingPartyView } from '@/lib/contracts';
import { type RelyingPartyId, toBase64Url } from '@/lib/core';
import type { Database, Executor, Tx } from '@/lib/db';

export type PartyRow = typeof relyingParties.$inferSelect;

/** Apps whose tokens an API accepts; `undefined` where there is no such API. */
export async function appsOfApi(db: Executor, apiId: string): Promise<readonly string[] | undefined> {
  const [row] = await db.select({ appIds: apis.appIds }).from(apis).where(eq(apis.id, apiId));
  return row?.appIds;
}

/** APIs that accept one of these apps (`null`: all), by name. */
export async function listApis(
  db: Executor,
  appIds: readonly string[] | null,
): Promise<{ id: string; name: string }[]> {
  return await db
    .select({ id: apis.id, name: apis.name })
    .from(apis)
    .where(appIds === null ? undefined : arrayOverlaps(apis.appIds, [...appIds]))
    .orderBy(asc(apis.name), asc(apis.id));
}

/** Inserts a relying party; `false` where another has its name. */
export async function insertParty(
  tx: Tx,
  row: Omit<PartyRow, 'removedAt' | 'removedByName'>,
): Promise<boolean> {
  const made = await tx
    .insert(relyingParties)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: relyingParties.id });
  return made.length === 1;
}

/** A relying party that was not removed. */
export async function findParty(db: Executor, id: RelyingPartyId): Promise<PartyRow | undefined> {
  const [row] = await db
    .select()
    .from(relyingParties)
    .where(and(eq(relyingParties.id, id), isNull(relyingParties.removedAt)));
  return row;
}

/** Removes a relying party; `false` for the second of two in a race. */
export async function removeIfPresent(tx: Tx, id: RelyingPartyId, byName: string): Promise<boolean> {
  const rows = await tx
    .update(relyingParties)
    .set({ removedAt: sql`clock_timestamp()`, removedByName: byName })
    .where(and(eq(relyingParties.id, id), isNull(relyingParties.removedAt)))
    .returning({ id: relyingParties.id });
  return rows.length === 1;
}

/** A relying party as nodes know it. */
export function partySnapshot(
  { id, credentialHash }: Pick<PartyRow, 'id' | 'credentialHash'>,
  active: boolean,
): RelyingPartySnapshot {
  return { id, credentialHash: toBase64Url(credentialHash), active };
}

/** Every relying party that was not removed, as nodes know them. */
export async function selectPartySnapshots(db: Executor): Promise<RelyingPartySnapshot[]> {
  const rows = await db.select().from(relyingParties).where(isNull(relyingParties.removedAt));
  return rows.map((row) => partySnapshot(row, true));
}

/** Most relying parties, and most processes of each, that one page shows. */
const MOST_SHOWN = 500;
const MOST_REPLICAS = 20;

/** Relying parties before an API that accepts one of these apps (`null`: all), by name, with what was heard of them. */
export async function listPartyRows(
  db: Executor,
  appIds: readonly string[] | null,
  aliveSeconds: number,
): Promise<RelyingPartyView[]> {
  const parties = await db
    .select({ party: relyingParties })
    .from(relyingParties)
    .leftJoin(apis, eq(apis.id, relyingParties.apiId))
    .where(
      and(
        isNull(relyingParties.removedAt),
        appIds === null ? undefined : arrayOverlaps(apis.appIds, [...appIds]),
      ),
    )
    .orderBy(asc(relyingParties.name))
    .limit(MOST_SHOWN);
  const replicas = await selectReplicas(
    db,
    parties.map(({ party }) => party.id),
    aliveSeconds,
  );
  return parties.map(({ party: { id, name, apiId, createdAt, createdByName } }) => ({
    ...{ id, name, apiId, createdByName },
    createdAt: createdAt.toISOString(),
    replicas: replicas
      .filter(({ partyId }) => partyId === id)
      .slice(0, MOST_REPLICAS)
      .map(({ replica, lastSeenAt, alive, current }) => ({
        ...{ replica, alive, current },
        lastSeenAt: lastSeenAt.toISOString(),
      })),
  }));
}

/** Where the newest change stands that the revocation feed tells of: the feed itself has no index by topic. */
const REVOKED_SEQ = sql`greatest((select max(seq) from cut_offs), (select max(seq) from signing_keys))`;

async function selectReplicas(db: Executor, ids: readonly string[], aliveSeconds: number) {
  if (ids.length === 0) return [];
  const { partyId, replica, lastSeenAt, appliedSeq, epoch } = relyingPartyReplicas;
  return await db
    .select({
      ...{ partyId, replica, lastSeenAt },
      alive: sql<boolean>`${lastSeenAt} > clock_timestamp() - make_interval(secs => ${aliveSeconds})`,
      current: sql<boolean>`${epoch} = ${changeFeed.epoch} and ${appliedSeq} > 0
        and ${appliedSeq} >= coalesce(${REVOKED_SEQ}, 0)`,
    })
    .from(relyingPartyReplicas)
    .innerJoin(changeFeed, gt(changeFeed.id, 0))
    .where(inArray(partyId, [...ids]))
    .orderBy(desc(lastSeenAt));
}

/** What a process of a relying party says that it has applied; `epoch` is `null` where it holds no list yet. */
export interface Acknowledgement {
  readonly partyId: string;
  readonly replica: string;
  readonly epoch: string | null;
  readonly seq: number;
}

/** Most processes of one relying party whose word is written down. */
export const MOST_REPLICAS_OF_ONE = 100;
/** Positions of which it is kept when each was reached. */
const KEPT_STEPS = 16;

/**
 * Writes down what processes of relying parties have applied, and that they live, one row each. Nobody is ahead of the feed,
 * whatever they say, nobody falls back within an epoch, and nobody who was removed is written down. Pass them in the
 * order of their keys, each once.
 */
export async function writeAcknowledgements(
  { sql: query }: Pick<Database, 'sql'>,
  acks: readonly Acknowledgement[],
): Promise<void> {
  await query`
    insert into relying_party_replicas as r (party_id, replica, epoch, applied_seq, last_seen_at, step_seqs, step_ats)
    select a.party_id, a.replica, f.epoch, a.seq, clock_timestamp(), array[a.seq], array[clock_timestamp()]
    from change_feed f, lateral (
      select given.party_id, given.replica,
        case when given.epoch = f.epoch then least(given.seq, f.seq) else 0 end as seq
      from unnest(${acks.map((ack) => ack.partyId)}::uuid[], ${acks.map((ack) => ack.replica)}::text[],
        ${acks.map((ack) => ack.epoch)}::uuid[], ${acks.map((ack) => ack.seq)}::int8[])
        with ordinality as given (party_id, replica, epoch, seq, place)
      join relying_parties p on p.id = given.party_id and p.removed_at is null
      where exists (select from relying_party_replicas k where k.party_id = given.party_id and k.replica = given.replica)
        or (select count(*) from relying_party_replicas k where k.party_id = given.party_id) < ${MOST_REPLICAS_OF_ONE}
      order by given.place
    ) a
    where f.id = 1
    on conflict (party_id, replica) do update set
      last_seen_at = excluded.last_seen_at,
      epoch = excluded.epoch,
      applied_seq = case
        when r.epoch = excluded.epoch and r.applied_seq <= (select seq from change_feed where id = 1)
          then greatest(r.applied_seq, excluded.applied_seq)
        else excluded.applied_seq end,
      step_seqs = case
        when r.epoch <> excluded.epoch then excluded.step_seqs
        when excluded.applied_seq > r.applied_seq
          then (r.step_seqs || excluded.applied_seq)[greatest(1, cardinality(r.step_seqs) + 2 - ${KEPT_STEPS}::int):]
        else r.step_seqs end,
      step_ats = case
        when r.epoch <> excluded.epoch then excluded.step_ats
        when excluded.applied_seq > r.applied_seq
          then (r.step_ats || excluded.last_seen_at)[greatest(1, cardinality(r.step_ats) + 2 - ${KEPT_STEPS}::int):]
        else r.step_ats end`;
}

/**
 * Forgets processes that were not heard of for a day, except the last one of a relying party: that it is silent is to be
 * seen. Returns how many.
 */
export async function deleteGoneReplicas({ sql: query }: Pick<Database, 'sql'>): Promise<number> {
  const result = await query`
    delete from relying_party_replicas r
    where r.last_seen_at < clock_timestamp() - interval '1 day' and (
      not exists (select from relying_parties p where p.id = r.party_id and p.removed_at is null)
      or exists (
        select from relying_party_replicas o where o.party_id = r.party_id
          and (o.last_seen_at, o.replica) > (r.last_seen_at, r.replica)))`;
  return result.count;
}
