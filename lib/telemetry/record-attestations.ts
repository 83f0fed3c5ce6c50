import type { Database } from '@/lib/db';
import { rollUpCells } from './cells';
import { countLatencies } from './counters';
import { DeviceDays } from './device-days';
import { FacetLimiter } from './facet-limiter';
import { inTransactionOnDays } from './partitions';
import { rollUp, rollUpHours } from './rollup';
import type { CommitConflict, InstanceState, PendingAttestation, SettledAttestation } from './rows';
import { type DeviceDay, writeBatch } from './statements';
import {
  type Claimed,
  claimBatch,
  type EnrolledInstance,
  insertInstances,
  lockInstances,
  type Sql,
} from './store';

/** What one writer remembers between its commits; losing it costs nothing but a few redundant statements. */
export interface WriterMemory {
  readonly node: string;
  readonly limiter: FacetLimiter;
  readonly deviceDays: DeviceDays;
}

/** The memory of a new writer; `node` names its shard of the rollups. */
export function createWriter(node: string): WriterMemory {
  return { node, limiter: new FacetLimiter(), deviceDays: new DeviceDays() };
}

/**
 * Commits a batch of attestations in one transaction: challenges are consumed, counters raised, events, rollups and
 * device state written; all of it or nothing. Of several that use one challenge or one counter, here or on other
 * nodes, the first wins and the others are settled as having lost. Challenges come
 * first, then instances, by key within each; what is written after that is nobody else's (rollups have a shard per
 * writer, device days belong to a locked instance): concurrent writers cannot deadlock.
 * @returns what became of each, in the order given
 */
export async function recordAttestations(
  db: Database,
  batch: readonly PendingAttestation[],
  writer: WriterMemory,
): Promise<SettledAttestation[]> {
  const receivedAt = batch.map(({ receivedAtMs }) => receivedAtMs);
  const { settled, days } = await inTransactionOnDays(db, receivedAt, async (sql) => {
    const outcome = await settleAll(sql, batch, await claim(sql, batch));
    return { settled: outcome.settled, days: await write(sql, outcome, writer) };
  });
  writer.deviceDays.remember(days);
  return settled;
}

/** What a batch holds once it has claimed; challenges as indexes of the members that are the first to use theirs. */
type Holdings = Omit<Claimed, 'fresh'> & { readonly fresh: ReadonlySet<number> };

async function claim(sql: Sql, batch: readonly PendingAttestation[]): Promise<Holdings> {
  const first = new Map<string, { index: number; expiresAtMs: number }>();
  const ids = new Set<string>();
  const named = new Set<string>();
  for (const [index, { challenge, claim: instance, namedInstanceId }] of batch.entries()) {
    if (instance !== null) ids.add(instance.id);
    else if (namedInstanceId) named.add(namedInstanceId);
    const digest = challenge?.digest.toString('hex');
    if (challenge && digest !== undefined && !first.has(digest)) {
      first.set(digest, { index, expiresAtMs: challenge.expiresAtMs });
    }
  }
  const sorted = [...first].sort(([a], [b]) => (a < b ? -1 : 1));
  const claimed = await claimBatch(sql, {
    challenges: sorted.map(([digestHex, { expiresAtMs }]) => ({ digestHex, expiresAtMs })),
    ids: [...ids].sort(),
    named: [...named].sort(),
  });
  const indexes = sorted.flatMap(([digest, { index }]) => (claimed.fresh.has(digest) ? [index] : []));
  return { ...claimed, fresh: new Set(indexes) };
}

interface Outcome {
  settled: SettledAttestation[];
  /** Last state per instance that existed before. */
  updates: Map<string, InstanceState>;
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
  const updates = new Map<string, InstanceState>();
  const settled = batch.map((member, index) => {
    const insertion = member.claim === null ? undefined : inserts.get(member.claim.id);
    if (insertion?.index === index) {
      counters.set(insertion.row.id, insertion.row.counter ?? 0);
      return insertion.settled;
    }
    const result = member.settle(conflictOf(member, index, holdings));
    if (result.instance === null || member.claim === null) return result;
    if (result.instance.counter !== null) counters.set(member.claim.id, result.instance.counter);
    const earlier = updates.get(member.claim.id);
    updates.set(member.claim.id, {
      ...result.instance,
      enrolment: result.instance.enrolment ?? earlier?.enrolment ?? null,
    });
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

/** Writes what was settled, and returns the device days that were new to this writer. */
async function write(sql: Sql, { settled, updates }: Outcome, writer: WriterMemory): Promise<DeviceDay[]> {
  const events = settled.map(({ event }) => event);
  const bounded = events.map((event) => writer.limiter.bound(event));
  const days = writer.deviceDays.unknown(settled);
  const minutes = rollUp(bounded);
  const rows = {
    events,
    updates: [...updates.values()],
    minutes,
    hours: rollUpHours(minutes),
    cells: rollUpCells(bounded),
    latencies: countLatencies(events),
    days,
  };
  await writeBatch(sql, rows, writer.node);
  return days;
}
