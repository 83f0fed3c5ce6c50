import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { createWriter, foldCounts, recordAttestations } from './index';
import type { CommitConflict, PendingAttestation } from './rows';
import { eventOf, stateOf } from './testing/events';

/*
 * What attestations claim (a challenge, a counter, an instance that is there), whether the batch is written at once or,
 * because someone lost, step by step.
 */

const NOW = Date.now();

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

let appId = '';
beforeEach(() => {
  appId = `app-${randomUUID().slice(0, 8)}`;
});

/** An attestation of an instance; a lost one is an event that is rejected and changes nothing else. */
function attestation(
  instanceId: string,
  { challenge = randomBytes(32), counter = null as number | null } = {},
): PendingAttestation & { lostBy: CommitConflict | null } {
  const id = randomUUID();
  const common = { id, appId, subjectId: instanceId, reference: id.slice(0, 9), receivedAtMs: NOW };
  return {
    lostBy: null,
    receivedAtMs: NOW,
    challenge: { digest: challenge, expiresAtMs: NOW + 300_000 },
    claim: { id: instanceId, counter, kind: 'attest' },
    settle(conflict) {
      this.lostBy = conflict;
      if (conflict !== null) return { event: eventOf({ ...common, verdict: 'rejected' }), instance: null };
      const event = eventOf({ ...common, instanceId });
      return { event, instance: stateOf(event, counter) };
    },
  };
}

const instance = (counter = 0) => seedInstance(db.owner, appId, { counter });
const record = async (batch: readonly PendingAttestation[], writer = createWriter('claims')) => {
  const settled = await recordAttestations(db.service, batch, writer);
  await foldCounts(db.service, writer);
  return settled;
};

/** Attestations of the app as events, and as its rollups, its cells and its latencies count them, by verdict. */
async function counted(): Promise<Record<string, string>> {
  const sums = {
    events: db.owner.sql`select verdict as name, count(*)::int as n from attestation_events
      where app_id = ${appId} group by 1 order by 1`,
    minutes: db.owner.sql`select verdict as name, sum(events)::int as n from attestation_rollup_minutes
      where app_id = ${appId} group by 1 order by 1`,
    hours: db.owner.sql`select verdict as name, sum(events)::int as n from attestation_rollup_hours
      where app_id = ${appId} group by 1 order by 1`,
  };
  const entries = Object.entries(sums).map(async ([table, query]) => [
    table,
    (await query).map((row) => `${row.name} ${row.n}`).join(', '),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

const everywhere = (text: string) => ({ events: text, minutes: text, hours: text });

async function counterOf(id: string): Promise<number> {
  const [row] = await db.owner.sql<{ counter: number }[]>`
    select counter::int as counter from device_instances where id = ${id}`;
  return row?.counter ?? Number.NaN;
}

test('a batch in which all win is settled once and written at once', async () => {
  const ids = await Promise.all([instance(), instance(5)]);
  const batch = [attestation(ids[0], { counter: 1 }), attestation(ids[1], { counter: 6 })];
  const writer = createWriter('claims');
  await record(batch, writer);
  expect(batch.map(({ lostBy }) => lostBy)).toEqual([null, null]);
  expect(writer.cautiousFor).toBe(0);
  expect(await Promise.all(ids.map(counterOf))).toEqual([1, 6]);
  expect(await counted()).toEqual(everywhere('trusted 2'));
});

test('an instance that attests several times in a batch ends with its last counter', async () => {
  const id = await instance();
  await record([1, 2, 3].map((counter) => attestation(id, { counter })));
  expect(await counterOf(id)).toBe(3);
  expect(await counted()).toEqual(everywhere('trusted 3'));
});

describe('of a batch', () => {
  /** What each loser is told, and that the others of its batch have won and are counted once. */
  async function expectOneLost(lost: CommitConflict, made: ReturnType<typeof attestation>): Promise<void> {
    const others = await Promise.all([instance(), instance(), instance()]);
    const batch = [...others.map((id) => attestation(id, { counter: 1 })), made];
    const writer = createWriter('claims');
    const before = await counted();
    await record(batch, writer);
    expect(batch.map(({ lostBy }) => lostBy)).toEqual([null, null, null, lost]);
    expect(writer.cautiousFor).toBeGreaterThan(0);
    expect(await Promise.all(others.map(counterOf))).toEqual([1, 1, 1]);
    const had = before.events?.startsWith('trusted') ? 1 : 0;
    expect(await counted()).toEqual(everywhere(`rejected 1, trusted ${3 + had}`));
  }

  test('only the one loses whose challenge had been used', async () => {
    const challenge = randomBytes(32);
    await record([attestation(await instance(), { challenge })]);
    await expectOneLost('challenge_replayed', attestation(await instance(), { challenge }));
  });

  test('only the one loses whose counter does not rise', async () => {
    const id = await instance(7);
    await expectOneLost('counter_rollback', attestation(id, { counter: 7 }));
    expect(await counterOf(id)).toBe(7);
  });

  test('only the one loses whose instance was erased', async () => {
    const id = await instance();
    await db.owner.sql`delete from device_instances where id = ${id}`;
    await expectOneLost('instance_gone', attestation(id, { counter: 1 }));
  });
});

test('within a batch the first use of a challenge wins', async () => {
  const challenge = randomBytes(32);
  const batch = [attestation(await instance(), { challenge }), attestation(await instance(), { challenge })];
  await record(batch);
  expect(batch.map(({ lostBy }) => lostBy)).toEqual([null, 'challenge_replayed']);
  expect(await counted()).toEqual(everywhere('rejected 1, trusted 1'));
});

test('after a loss batches are claimed first for a while, and then written at once again', async () => {
  const challenge = randomBytes(32);
  const writer = createWriter('claims');
  await record([attestation(await instance(), { challenge })], writer);
  await record([attestation(await instance(), { challenge })], writer);
  const cautious = writer.cautiousFor;
  for (let left = cautious - 1; left >= 0; left--) {
    await record([attestation(await instance())], writer);
    expect(writer.cautiousFor).toBe(left);
  }
  await record([attestation(await instance())], writer);
  expect(await counted()).toEqual(everywhere(`rejected 1, trusted ${cautious + 2}`));
});

test('writers that claim the same challenges and instances at once never deadlock, and one of each wins', async () => {
  const ids = await Promise.all(Array.from({ length: 12 }, () => instance()));
  const challenges = ids.map(() => randomBytes(32));
  const logged = await deadlocks();
  const all = await Promise.all(
    Array.from({ length: 5 }, async (_, writer) => {
      const order = ids.map((_id, index) => (index * (2 * writer + 1) * 5 + writer) % ids.length);
      const batch = order.flatMap((index) => {
        const [id, challenge] = [ids[index], challenges[index]];
        return id && challenge ? [attestation(id, { challenge, counter: 1 })] : [];
      });
      await record(batch, createWriter(`claims-${writer}`));
      return batch;
    }),
  );
  const won = all.flat().filter(({ lostBy }) => lostBy === null);
  expect(won).toHaveLength(ids.length);
  expect(new Set(won.map(({ claim }) => claim?.id)).size).toBe(ids.length);
  expect(await deadlocks()).toBe(logged);
  expect(await counted()).toEqual(
    everywhere(`rejected ${all.flat().length - ids.length}, trusted ${ids.length}`),
  );
});

/** Deadlocks that the server has broken in this database. */
async function deadlocks(): Promise<number> {
  const [row] = await db.owner.sql<{ deadlocks: number }[]>`
    select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()`;
  return row?.deadlocks ?? Number.NaN;
}
