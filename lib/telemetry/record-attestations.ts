import type { Database } from '@/lib/db';
import { type Counts, countsOf, encodeCounts } from './counts';
import { DeviceDays } from './device-days';
import { FacetLimiter } from './facet-limiter';
import { UnfoldedCounts } from './fold-counts';
import { ListingPace } from './listing-pace';
import { inTransactionOnDays, onDays } from './partitions';
import { sortedByKey } from './rollup';
import type { CommitConflict, PendingAttestation, SettledAttestation } from './rows';
import {
  type ArchivedEvidence,
  type BatchRows,
  type InstanceUpdate,
  writeBatch,
  writeUnclaimedBatch,
} from './statements';
import {
  type BatchClaims,
  type Claimed,
  claimBatch,
  type EnrolledInstance,
  insertInstances,
  lockInstances,
  type Sql,
} from './store';

/**
 * What one writer remembers between its commits; losing it costs nothing but a few redundant statements, and that its
 * counts are folded a few seconds later.
 */
export interface WriterMemory {
  readonly node: string;
  readonly limiter: FacetLimiter;
  readonly deviceDays: DeviceDays;
  /** How often it moves devices up in lists. */
  readonly listing: Pick<ListingPace, 'next'>;
  /** Counts of batches that have committed, to be folded by `foldCounts`. */
  readonly unfolded: UnfoldedCounts;
  /** Batches still to be claimed before they are settled, because someone lost in one lately. */
  cautiousFor: number;
}

/** How many batches are claimed first after one in which someone lost: replays in numbers would have each written twice. */
const CAUTIOUS_FOR = 16;

/**
 * The memory of a new writer; `node` names its shard of the rollups. `listing` is how often it moves devices up in lists, by
 * default as its load allows.
 */
export function createWriter(
  node: string,
  listing: WriterMemory['listing'] = new ListingPace(),
): WriterMemory {
  return {
    node,
    limiter: new FacetLimiter(),
    deviceDays: new DeviceDays(),
    listing,
    unfolded: new UnfoldedCounts(),
    cautiousFor: 0,
  };
}

/**
 * Commits a batch of attestations in one transaction: challenges are consumed, counters raised, events, device state and
 * what the batch adds to the rollups written; all of it or nothing. Of several that use one challenge or one counter, here or on other
 * nodes, the first wins and the others are settled as having lost. Challenges come
 * first, then instances, by key within each; what is written after that is nobody else's (device days belong to a
 * locked instance): concurrent writers cannot deadlock.
 *
 * Nearly always all win. So they are settled as winners, and one statement claims and writes; where someone lost, it
 * writes nothing, and the batch is claimed, settled and written again step by step.
 * @returns what became of each, in the order given
 */
export async function recordAttestations(
  db: Database,
  batch: readonly PendingAttestation[],
  writer: WriterMemory,
): Promise<SettledAttestation[]> {
  const receivedAt = batch.map(({ receivedAtMs }) => receivedAtMs);
  const claims = claimsOf(batch);
  if (writer.cautiousFor > 0) writer.cautiousFor -= 1;
  else {
    const assumed = settleAsWinners(batch, claims);
    if (assumed !== null) {
      const made = rowsOf(assumed, writer);
      const id = await onDays(db, receivedAt, () =>
        writeUnclaimedBatch(db.sql, claims, made.rows, writer.node),
      );
      if (id !== null) return committed(writer, { ...made, id, settled: assumed.settled });
      writer.cautiousFor = CAUTIOUS_FOR;
    }
  }
  const outcome = await inTransactionOnDays(db, receivedAt, async (sql) => {
    const { settled, updates } = await settleAll(sql, batch, await claim(sql, claims));
    const made = rowsOf({ settled, updates }, writer);
    return { ...made, id: await writeBatch(sql, made.rows, writer.node), settled };
  });
  return committed(writer, outcome);
}

/** Takes note of a batch that has committed. */
function committed(
  writer: WriterMemory,
  { rows, counts, id, settled }: Made & { id: string; settled: SettledAttestation[] },
): SettledAttestation[] {
  writer.deviceDays.remember(rows.days);
  writer.unfolded.add(id, counts);
  return settled;
}

/** What a batch claims, and which member is the first to use each of its challenges. */
interface Claims extends BatchClaims {
  readonly users: readonly number[];
}

function claimsOf(batch: readonly PendingAttestation[]): Claims {
  const first = new Map<string, { digestHex: string; index: number; expiresAtMs: number }>();
  const ids = new Set<string>();
  const named = new Set<string>();
  for (const [index, { challenge, claim: instance, namedInstanceId }] of batch.entries()) {
    if (instance !== null) ids.add(instance.id);
    else if (namedInstanceId) named.add(namedInstanceId);
    if (challenge === null) continue;
    const digestHex = challenge.digest.toString('hex');
    if (!first.has(digestHex)) first.set(digestHex, { digestHex, index, expiresAtMs: challenge.expiresAtMs });
  }
  const sorted = sortedByKey(first);
  return {
    challenges: sorted.map(({ digestHex, expiresAtMs }) => ({ digestHex, expiresAtMs })),
    users: sorted.map(({ index }) => index),
    ids: [...ids].sort(),
    named: [...named].sort(),
  };
}

/** What was settled, and what it makes of instances that exist. */
interface Outcome {
  settled: SettledAttestation[];
  /** Last state per instance that existed before. */
  updates: Map<string, InstanceUpdate>;
}

/**
 * Settles a batch as if nobody else had used its challenges or counters; `null` where that is known to be wrong, or where
 * instances may have to be made.
 */
function settleAsWinners(batch: readonly PendingAttestation[], { challenges }: Claims): Outcome | null {
  let withChallenge = 0;
  for (const { challenge, claim: instance } of batch) {
    if (instance !== null && instance.kind !== 'attest') return null;
    if (challenge !== null) withChallenge += 1;
  }
  if (withChallenge !== challenges.length) return null;
  const counters = new Map<string, number>();
  const updates: Outcome['updates'] = new Map();
  const settled: SettledAttestation[] = [];
  for (const member of batch) {
    const result = member.settle(null);
    settled.push(result);
    if (member.claim === null || result.instance === null) continue;
    const { id, counter } = member.claim;
    const known = counters.get(id);
    if (counter !== null && known !== undefined && counter <= known) return null;
    if (counter !== null) counters.set(id, counter);
    const earlier = updates.get(id);
    const integrity = result.instance.integrity ?? earlier?.state.integrity ?? null;
    updates.set(id, {
      state: { ...result.instance, integrity },
      counterFrom: earlier ? earlier.counterFrom : counter,
    });
  }
  return { settled, updates };
}

/** What a batch holds once it has claimed; challenges as indexes of the members that are the first to use theirs. */
type Holdings = Omit<Claimed, 'fresh'> & { readonly fresh: ReadonlySet<number> };

async function claim(sql: Sql, claims: Claims): Promise<Holdings> {
  const claimed = await claimBatch(sql, claims);
  const fresh = claims.challenges.flatMap(({ digestHex }, index) =>
    claimed.fresh.has(digestHex) ? [claims.users[index] ?? -1] : [],
  );
  return { ...claimed, fresh: new Set(fresh) };
}

/** Settles every member in its turn; the counters of the locked instances move on with each winner. */
async function settleAll(
  sql: Sql,
  batch: readonly PendingAttestation[],
  holdings: Holdings,
): Promise<Outcome> {
  const { fresh, counters } = holdings;
  const inserts = newInstances(batch, fresh, counters);
  if (inserts.size > 0) {
    const rows = [...inserts.values()].sort((a, b) => (a.row.id < b.row.id ? -1 : 1)).map(({ row }) => row);
    const inserted = await insertInstances(sql, rows);
    const lost = rows.filter(({ id }) => !inserted.has(id)).map(({ id }) => id);
    // Another node enrolled them since they were looked up; they count as known from here on.
    if (lost.length > 0)
      for (const [id, counter] of await lockInstances(sql, lost)) counters.set(id, counter);
    for (const id of lost) inserts.delete(id);
  }
  const updates: Outcome['updates'] = new Map();
  const settled = batch.map((member, index) => {
    const insertion = member.claim === null ? undefined : inserts.get(member.claim.id);
    if (insertion?.index === index) {
      counters.set(insertion.row.id, insertion.row.counter ?? 0);
      return insertion.settled;
    }
    const result = member.settle(conflictOf(member, index, holdings));
    if (result.instance === null || member.claim === null) return result;
    if (result.instance.counter !== null) counters.set(member.claim.id, result.instance.counter);
    const earlier = updates.get(member.claim.id)?.state;
    const enrolment = result.instance.enrolment ?? earlier?.enrolment ?? null;
    const integrity = result.instance.integrity ?? earlier?.integrity ?? null;
    updates.set(member.claim.id, { state: { ...result.instance, enrolment, integrity }, counterFrom: null });
    return result;
  });
  return { settled, updates };
}

/** The first member that enrols each instance that is not known yet, by instance id. */
function newInstances(
  batch: readonly PendingAttestation[],
  fresh: ReadonlySet<number>,
  counters: ReadonlyMap<string, number>,
): Map<string, { index: number; row: EnrolledInstance; settled: SettledAttestation }> {
  const inserts = new Map<string, { index: number; row: EnrolledInstance; settled: SettledAttestation }>();
  batch.forEach((member, index) => {
    const { claim } = member;
    if (claim === null || claim.kind === 'attest' || !fresh.has(index)) return;
    if (counters.has(claim.id) || inserts.has(claim.id)) return;
    const settled = member.settle(null);
    const { instance } = settled;
    if (instance?.enrolment) {
      inserts.set(claim.id, { index, row: { ...instance, enrolment: instance.enrolment }, settled });
    }
  });
  return inserts;
}

function conflictOf(
  { challenge, claim, namedInstanceId }: PendingAttestation,
  index: number,
  { fresh, counters, named }: Holdings,
): CommitConflict | null {
  if (claim === null && namedInstanceId && !named.has(namedInstanceId)) return 'instance_gone';
  const known = claim === null ? undefined : counters.get(claim.id);
  if (claim?.kind === 'attest' && known === undefined) return 'instance_gone';
  if (challenge !== null && !fresh.has(index)) return 'challenge_replayed';
  if (claim === null || known === undefined) return null;
  // The evidence of such a key states a counter of zero: it has been used, and is presented again.
  if (claim.kind === 'enrol_once') return 'counter_rollback';
  return claim.counter !== null && claim.counter <= known ? 'counter_rollback' : null;
}

/** What is written of an outcome. */
function rowsOf({ settled, updates }: Outcome, writer: WriterMemory): Made {
  const events = settled.map(({ event }) => event);
  const counts = countsOf(events.map((event) => writer.limiter.bound(event)));
  const rows = {
    events,
    updates: sortedByKey(updates),
    listedEveryMs: writer.listing.next(events.length),
    counts: encodeCounts(counts),
    archived: archivedOf(settled),
    days: writer.deviceDays.unknown(settled),
  };
  return { rows, counts };
}

interface Made {
  readonly rows: BatchRows;
  readonly counts: Counts;
}

/** Raw evidence of those whose apps archive it. */
function archivedOf(settled: readonly SettledAttestation[]): ArchivedEvidence[] {
  return settled.flatMap(({ event, sealedEvidence }) =>
    sealedEvidence
      ? [
          {
            subjectId: event.subjectId,
            receivedAtMs: event.receivedAtMs,
            id: event.id,
            appId: event.appId,
            sealed: sealedEvidence,
          },
        ]
      : [],
  );
}
