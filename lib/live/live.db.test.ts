import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seedAck, seedApp, seedEvent, seedInstance, seedNode } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { createStaff, loadSession, revokeOwnSession, type StaffActor, signIn } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import { blockInstance } from '@/lib/blocks';
import { LIVE_MESSAGES, type LiveTopic } from '@/lib/contracts';
import { silentLogger, systemClock } from '@/lib/core';
import { openDatabase } from '@/lib/db';
import { type Live, startLive } from '@/lib/live';

let db: TestDatabase;
let live: Live;
let actor: StaffActor;
const aborts: AbortController[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank', 'Retail Bank');
  live = openLive();
  actor = await signedIn();
});
afterEach(() => {
  for (const abort of aborts.splice(0)) abort.abort();
});
afterAll(async () => {
  await live.close();
  await db.close();
});

function openLive(): Live {
  return startLive({
    db: db.console,
    openListenerDatabase: () => openDatabase({ url: db.consoleUrl, applicationName: 'test-live', max: 1 }),
    clock: systemClock,
    logger: silentLogger,
  });
}

async function signedIn(): Promise<StaffActor> {
  const host = { db: db.console, clock: systemClock };
  const password = 'a walrus under 7 lamps';
  const email = `${crypto.randomUUID()}@example.test`;
  const admin = { ...host, actor: actorWith('admin') };
  await createStaff(admin, { email, name: 'Robin', password, role: 'responder', appId: null });
  const { sessionId } = await signIn(host, { email, password }, { network: 'test', userAgent: '' });
  const loaded = await loadSession(host, sessionId);
  if (!loaded) throw new Error('The session did not load.');
  return loaded;
}

interface Client {
  /** The next message of a topic that matches. */
  next(
    topic: LiveTopic,
    matches?: (data: Record<string, unknown>) => boolean,
  ): Promise<Record<string, unknown>>;
  /** How many messages have come so far. */
  count(): number;
  ended: Promise<void>;
}

function connect(who: StaffActor, to: Live = live): Client {
  const abort = new AbortController();
  aborts.push(abort);
  const seen: { topic: string; data: Record<string, unknown> }[] = [];
  let count = 0;
  const waiting = new Set<() => void>();
  const stream = to.open(who, null, abort.signal);
  const read = async () => {
    let text = '';
    for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
      text += new TextDecoder().decode(chunk);
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const match = /event: (\w+)\ndata: (.*)$/.exec(block);
        if (!match) continue;
        const topic = match[1] as LiveTopic;
        count += 1;
        seen.push({ topic, data: LIVE_MESSAGES[topic].parse(JSON.parse(match[2] ?? '')) });
      }
      for (const wake of waiting) wake();
    }
  };
  return {
    ended: read(),
    count: () => count,
    next: (topic, matches = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          const index = seen.findIndex((message) => message.topic === topic && matches(message.data));
          const [found] = index < 0 ? [] : seen.splice(index, 1);
          if (!found) return;
          waiting.delete(look);
          resolve(found.data);
        };
        waiting.add(look);
        look();
      }),
  };
}

describe('the live stream', () => {
  test('greets nobody before it has read what is to be known, so that whoever was greeted misses nothing', async () => {
    const fresh = openLive();
    let greeted = false;
    await db.owner.sql.begin(async (sql) => {
      await sql`lock table attestation_events in access exclusive mode`;
      const client = connect(actor, fresh);
      void client.next('hello').then(() => {
        greeted = true;
      });
      await sleep(300);
      expect(greeted).toBe(false);
    });
    await expect.poll(() => greeted).toBe(true);
    await fresh.close();
  });

  test('tells of an attestation within 1.5 s, once, with its row', async () => {
    const client = connect(actor);
    await client.next('hello');
    const startMs = Date.now();
    const { id } = await seedEvent(db.owner, {
      appId: 'bank',
      atMs: Date.now(),
      verdict: 'rejected',
      threat: 'hooks',
    });
    await db.service.sql.notify('countersign_events', '');
    const message = await client.next('attestations');
    expect(Date.now() - startMs).toBeLessThan(1_500);
    expect(message).toMatchObject({
      counts: [{ appId: 'bank', verdict: 'rejected', events: 1 }],
      rows: [{ id, appName: 'Retail Bank' }],
    });
    const again = await client.next('attestations');
    expect(again).toMatchObject({ counts: [], rows: [] });
  });

  test('tells within 1.5 s also of what commits right after a message', async () => {
    const client = connect(actor);
    await client.next('tick');
    // Between two looks of every second, so that the next one comes too early for another message.
    await sleep(100);
    const attest = async () => {
      const { id } = await seedEvent(db.owner, { appId: 'bank', atMs: Date.now() });
      const startMs = Date.now();
      await db.service.sql.notify('countersign_events', '');
      await client.next('attestations', (data) =>
        (data.rows as { id: string }[]).some((row) => row.id === id),
      );
      return Date.now() - startMs;
    };
    expect(await attest()).toBeLessThan(1_500);
    expect(await attest()).toBeLessThan(1_500);
  });

  test('tells again when counts may have been folded of what it has told of, and whenever a writer has folded some', async () => {
    const client = connect(actor);
    await client.next('tick');
    const { id } = await seedEvent(db.owner, { appId: 'bank', atMs: Date.now() });
    // Found by looking, before anybody has folded its count.
    await client.next('attestations', (data) => (data.rows as { id: string }[]).some((row) => row.id === id));
    expect(await client.next('attestations')).toMatchObject({ counts: [], rows: [] });
    await db.service.sql.notify('countersign_events', '');
    expect(await client.next('attestations')).toMatchObject({ counts: [], rows: [] });
  });

  test('sends no more messages the more often it is notified', async () => {
    const client = connect(actor);
    await client.next('tick');
    const before = client.count();
    for (let round = 0; round < 100; round++) {
      await db.service.sql.notify('countersign_events', '');
      await sleep(20);
    }
    // A tick a second, and what nodes and the audit log may have to say meanwhile.
    expect(client.count() - before).toBeLessThan(10);
  });

  test('follows a block until every living node enforces it, and tells of its audit row', async () => {
    await seedNode(db.owner, 'w1', 0);
    await seedNode(db.owner, 'w2', 0);
    const client = connect(actor);
    await client.next('hello');
    const instanceId = await seedInstance(db.owner, 'bank');
    const block = await blockInstance(
      { db: db.console, actor, clock: systemClock },
      { instanceId, reason: 'a test', durationSeconds: null },
    );
    const of = (enforcedNodes: number) => (data: Record<string, unknown>) =>
      data.seq === block.seq && data.enforcedNodes === enforcedNodes;
    expect(await client.next('propagation', of(0))).toMatchObject({ enforced: false, totalNodes: 2 });
    await seedAck(db.owner, 'w1', block.seq);
    expect(await client.next('propagation', of(1))).toMatchObject({ enforced: false });
    await seedAck(db.owner, 'w2', block.seq);
    expect(await client.next('propagation', of(2))).toMatchObject({ enforced: true });
    expect(await client.next('audit', (data) => data.targetId === instanceId)).toMatchObject({
      action: 'block.create',
    });
  });

  test('shows within 5 s that a node fell silent', async () => {
    await seedNode(db.owner, 'silent', 0);
    const client = connect(actor);
    const nodeIs = (alive: boolean) => (data: Record<string, unknown>) =>
      (data.nodes as { id: string; alive: boolean }[]).some(
        (node) => node.id === 'silent' && node.alive === alive,
      );
    await client.next('nodes', nodeIs(true));
    const startMs = Date.now();
    await client.next('nodes', nodeIs(false));
    expect(Date.now() - startMs).toBeLessThan(5_500);
  });

  test('ends within seconds when its session is revoked, and others go on', async () => {
    const other = await signedIn();
    const clients = [connect(other), connect(actor)] as const;
    await Promise.all(clients.map((client) => client.next('hello')));
    await revokeOwnSession({ db: db.console, actor: other, clock: systemClock }, { id: other.sessionId });
    await clients[0].ended;
    await clients[1].next('tick');
  });

  test('goes on by itself after every connection to the database was cut', async () => {
    const client = connect(actor);
    await client.next('hello');
    await db.owner.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name in ('test-console', 'test-live')`;
    const { id } = await seedEvent(db.owner, { appId: 'bank', atMs: Date.now() });
    const message = await client.next('attestations');
    expect(message).toMatchObject({ rows: [{ id }] });
    await expect
      .poll(
        () =>
          db.owner.sql`select 1 from pg_stat_activity where query like 'listen %countersign_acks%'
            and datname = current_database()`.then((rows) => rows.length),
        { timeout: 10_000 },
      )
      .toBe(1);
  });
});
