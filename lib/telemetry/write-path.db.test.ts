import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { ChallengeCounter, createWriter, foldCounts, RequestCounters, recordAttestations } from './index';
import type { AttestationEvent, PendingAttestation } from './rows';
import { eventOf, pendingOf, stateOf } from './testing/events';

const DAY_MS = 86_400_000;
const MIDNIGHT = Math.floor(Date.now() / DAY_MS) * DAY_MS;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const unique = (changes: Partial<AttestationEvent>) => {
  const id = randomUUID();
  return eventOf({ id, subjectId: id, reference: id.slice(0, 9), ...changes });
};
const record = async (events: readonly AttestationEvent[], writer = 'writer') => {
  const memory = createWriter(writer);
  await recordAttestations(db.service, events.map(pendingOf), memory);
  await foldCounts(db.service, memory);
};
const dayName = (ms: number) => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');

/** In which partition and bucket the rows of an app are, with their counts. */
async function placed(table: string, appId: string, clock = 'bucket', count = 'events'): Promise<string[]> {
  const partitions = await db.owner.sql<
    { child: string }[]
  >`select child from countersign_partitions(${table})`;
  const rows = await Promise.all(
    partitions.map(({ child }) =>
      db.owner.sql.unsafe<{ text: string }[]>(
        `select concat('${child.slice(-8)} ', to_char(at at time zone 'UTC', 'HH24:MI'), ' ', sum(count)) as text
         from (select ${clock} as at, ${count} as count from ${child} where app_id = '${appId}' offset 0) counted
         group by at order by 1`,
      ),
    ),
  );
  return rows.flat().map(({ text }) => text);
}

describe('attestations', () => {
  test('around midnight lie in the day and the bucket in which they came', async () => {
    const appId = 'midnight';
    await record([
      unique({ appId, receivedAtMs: MIDNIGHT - 1 }),
      unique({ appId, receivedAtMs: MIDNIGHT }),
      unique({ appId, receivedAtMs: MIDNIGHT + 60_000 }),
    ]);
    const [before, after] = [dayName(MIDNIGHT - 1), dayName(MIDNIGHT)];
    expect(await placed('attestation_events', appId, `date_trunc('hour', received_at)`, '1')).toEqual([
      `${before} 23:00 1`,
      `${after} 00:00 2`,
    ]);
    const minutes = [`${before} 23:59 1`, `${after} 00:00 1`, `${after} 00:01 1`];
    expect(await placed('attestation_rollup_minutes', appId)).toEqual(minutes);
    expect(await placed('counter_rollup_minutes', appId)).toEqual(minutes);
    expect(await placed('cell_rollups', appId)).toEqual([`${before} 23:50 1`, `${after} 00:00 2`]);
    expect(await placed('attestation_rollup_hours', appId)).toEqual([
      `${before} 23:00 1`,
      `${after} 00:00 2`,
    ]);
  });

  test('of days that have no partition make it, and are not lost', async () => {
    const appId = 'late';
    const [old, ahead] = [MIDNIGHT - 20 * DAY_MS, MIDNIGHT + 20 * DAY_MS];
    await record([old, MIDNIGHT, ahead].map((receivedAtMs) => unique({ appId, receivedAtMs })));
    const days = [old, MIDNIGHT, ahead].map((ms) => `${dayName(ms)} 00:00 1`);
    for (const table of ['attestation_rollup_minutes', 'attestation_rollup_hours', 'cell_rollups']) {
      expect(await placed(table, appId)).toEqual(days);
    }
    expect(await placed('attestation_events', appId, 'received_at', '1')).toEqual(days);
  });

  test('leave room for the next version in every page of what is added to', async () => {
    const receivedAtMs = MIDNIGHT - 30 * DAY_MS;
    await record([unique({ appId: 'room', receivedAtMs })]);
    const rows = await db.owner.sql<{ parent: string; days: number; roomy: number }[]>`
      select p.relname as parent, count(*)::int as days,
        count(*) filter (where c.reloptions @> '{fillfactor=60}')::int as roomy
      from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
      where p.relkind = 'p' group by 1 order by 1`;
    const roomy = rows.filter(({ days, roomy }) => days === roomy).map(({ parent }) => parent);
    expect(roomy).toEqual([
      'attestation_rollup_hours',
      'attestation_rollup_minutes',
      'cell_rollups',
      'counter_rollup_minutes',
      'request_rollup_hours',
      'request_rollup_minutes',
    ]);
    expect(rows.filter(({ roomy }) => roomy > 0)).toHaveLength(roomy.length);
  });

  test('of a missing day on several nodes at once are all there', async () => {
    const appId = 'race';
    const receivedAtMs = MIDNIGHT - 25 * DAY_MS;
    await Promise.all(['a', 'b', 'c'].map((node) => record([unique({ appId, receivedAtMs })], node)));
    expect(await placed('attestation_events', appId, 'received_at', '1')).toEqual([
      `${dayName(receivedAtMs)} 00:00 3`,
    ]);
  });

  test('add up in the rows of their own writer', async () => {
    const appId = 'shards';
    const event = () => unique({ appId, receivedAtMs: MIDNIGHT, verdict: 'rejected', threats: ['hooks'] });
    await record([event(), event()], 'a');
    await record([event()], 'a');
    await record([event()], 'b');
    for (const table of ['attestation_rollup_minutes', 'counter_rollup_minutes']) {
      const rows = await db.owner.sql<{ writer: string; events: number }[]>`
        select writer, events::int as events from ${db.owner.sql(table)} where app_id = ${appId} order by 1`;
      expect([...rows]).toEqual([
        { writer: 'a', events: 3 },
        { writer: 'b', events: 1 },
      ]);
    }
    const cells = await db.owner.sql<{ signal: string; events: number }[]>`
      select signal, sum(events)::int as events from cell_rollups where app_id = ${appId} group by 1 order by 1`;
    expect([...cells]).toEqual(['', 'hooks', 'verdict:rejected'].map((signal) => ({ signal, events: 4 })));
  });
});

describe('counts that are written once a second', () => {
  const decision = { apiId: 'api', outcome: 'valid', networkKind: 'access' } as const;

  test('of decisions are kept by the minute and by the hour', async () => {
    const appId = 'decisions';
    const counters = new RequestCounters(db.service, 'writer');
    for (const ms of [0, 1, 60_000, 3_600_000]) counters.count({ ...decision, appId }, MIDNIGHT + ms);
    await counters.flush();
    counters.count({ ...decision, appId }, MIDNIGHT);
    await counters.flush();
    const day = dayName(MIDNIGHT);
    expect(await placed('request_rollup_minutes', appId, 'bucket', 'requests')).toEqual([
      `${day} 00:00 3`,
      `${day} 00:01 1`,
      `${day} 01:00 1`,
    ]);
    expect(await placed('request_rollup_hours', appId, 'bucket', 'requests')).toEqual([
      `${day} 00:00 4`,
      `${day} 01:00 1`,
    ]);
  });

  test('of challenges are kept by app and minute', async () => {
    const counter = new ChallengeCounter(db.service, 'writer');
    for (let i = 0; i < 5; i++) counter.count('challenged', MIDNIGHT + i * 20_000);
    await counter.flush();
    await counter.flush();
    const day = dayName(MIDNIGHT);
    expect(await placed('counter_rollup_minutes', 'challenged')).toEqual([
      `${day} 00:00 3`,
      `${day} 00:01 2`,
    ]);
  });

  test('survive a database that is away, and a day that has no partition', async () => {
    const appId = 'outage';
    const counters = new RequestCounters(db.service, 'writer');
    const challenges = new ChallengeCounter(db.service, 'writer');
    const at = MIDNIGHT + 30 * DAY_MS;
    counters.count({ ...decision, appId }, at);
    challenges.count(appId, at);
    await db.owner.sql.unsafe(
      'revoke insert on request_rollup_minutes, counter_rollup_minutes from countersign_service',
    );
    await expect(counters.flush()).rejects.toThrow();
    await expect(challenges.flush()).rejects.toThrow();
    await db.owner.sql.unsafe(
      'grant insert on request_rollup_minutes, counter_rollup_minutes to countersign_service',
    );
    counters.count({ ...decision, appId }, at);
    challenges.count(appId, at);
    await Promise.all([counters.flush(), challenges.flush()]);
    expect(await placed('request_rollup_hours', appId, 'bucket', 'requests')).toEqual([
      `${dayName(at)} 00:00 2`,
    ]);
    expect(await placed('counter_rollup_minutes', appId)).toEqual([`${dayName(at)} 00:00 2`]);
  });

  test('are held in bounded memory: beyond it they lose their app, and none is lost', async () => {
    const challenges = new ChallengeCounter(db.service, 'bounded');
    for (let i = 0; i < 10_500; i++) challenges.count(`app-${i}`, MIDNIGHT);
    await challenges.flush();
    const [row] = await db.owner.sql<{ rows: number; events: number; nameless: number }[]>`
      select count(*)::int as rows, sum(events)::int as events, (sum(events) filter (where app_id = ''))::int as nameless
      from counter_rollup_minutes where writer = 'bounded'`;
    expect(row).toEqual({ rows: 10_001, events: 10_500, nameless: 500 });
  });

  test('keep one row for each refusal up to ten a second of a source, and count the others', () => {
    const counters = new RequestCounters(db.service, 'writer');
    const kept = (prefix: string, atMs: number) =>
      Array.from({ length: 50 }, () => counters.admits(prefix, 'missing', atMs)).filter(Boolean).length;
    expect(kept('192.0.2.0/24', MIDNIGHT)).toBe(10);
    expect(kept('198.51.100.0/24', MIDNIGHT)).toBe(10);
    expect(kept('192.0.2.0/24', MIDNIGHT + 1_000)).toBe(10);
    expect(counters.droppedEvents).toBe(120);
  });
});

describe('a device', () => {
  test('is seen exactly, and moves up in lists once its place is too far behind', async () => {
    const firstMs = Date.now() - 3_600_000;
    const at = new Date(firstMs);
    const id = await seedInstance(db.owner, 'place', { firstSeenAt: at, lastSeenAt: at });
    const seen = async (atMs: number) => {
      await recordAttestations(db.service, [attestationBy(id, atMs)], createWriter('places'));
      const [row] = await db.owner.sql<{ seen: number; listed: number }[]>`
        select (extract(epoch from last_seen_at) * 1000)::float8 as seen,
          (extract(epoch from listed_at) * 1000)::float8 as listed
        from device_instances where id = ${id}`;
      return [row?.seen, row?.listed].map((ms) => Math.round((ms ?? Number.NaN) - firstMs));
    };
    expect(await seen(firstMs + 5_000)).toEqual([5_000, 0]);
    expect(await seen(firstMs + 10_000)).toEqual([10_000, 10_000]);
    expect(await seen(firstMs + 8_000)).toEqual([10_000, 10_000]);
  });
});

/** An ordinary attestation of an instance that is enrolled. */
function attestationBy(id: string, atMs: number): PendingAttestation {
  const event = unique({ appId: 'place', instanceId: id, subjectId: id, receivedAtMs: atMs });
  return {
    ...pendingOf(event),
    claim: { id, counter: null, kind: 'attest' },
    settle: () => ({ event, instance: stateOf(event) }),
  };
}
