import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeToNodeResponse } from 'next/dist/server/pipe-readable';
import { signalFromNodeResponse } from 'next/dist/server/web/spec-extension/adapters/next-request';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp, seedEvent } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import { attestationExportSchema } from '@/lib/contracts';
import { systemClock } from '@/lib/core';
import { exportAttestations } from '@/lib/telemetry/queries';
import { exportResponse } from './export-file';

/** Within how long a cancelled export has ended in the database. */
const ENDED_WITHIN_MS = 1_000;
/** More than the sockets between a server and a client that does not read hold. */
const ROWS = 60_000;
let db: TestDatabase;
let server: Server;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
  await seedEvent(db.owner, { appId: 'bank', atMs: Date.now() - 60_000 });
  await db.owner.sql`
    insert into attestation_events (subject_id, received_at, id, reference, kind, app_id, verdict, policy_version, platform,
      environment, app_version, os_version, model, network_kind, threats, detail, latency_us, node)
    select id, received_at - n * interval '1 millisecond', id, '0000-0000', 'attest', 'bank', 'trusted', 1, 'ios', 'production',
      '5.4.0', '26.0', repeat('x', 60), 'access', '{}', '{}', 800, 'w1'
    from (select received_at, gen_random_uuid() as id, n from attestation_events, generate_series(1, ${ROWS}::int) n) made`;
  server = createServer((_request, answer) => {
    const ctx = { db: db.console, actor: actorWith('analyst'), clock: systemClock };
    const input = attestationExportSchema.parse({ range: '1h', format: 'ndjson' });
    const request = { signal: signalFromNodeResponse(answer) };
    const file = exportResponse(
      (signal) => exportAttestations(ctx, input, signal),
      request,
      'ndjson',
      Date.now(),
    );
    if (file.body === null) throw new Error('The file has no body.');
    void pipeToNodeResponse(file.body, answer);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await db.close();
});

/** Asks for the file; the answer is read by whoever called. */
function ask(): { leave: () => void; answered: Promise<IncomingMessage> } {
  const { port } = server.address() as AddressInfo;
  const request = get({ host: '127.0.0.1', port });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  answered.catch(() => {});
  return { leave: () => request.destroy(), answered };
}

interface Connection {
  state: string;
  waits: string | null;
  query: string;
  asked: string;
}

/** What the console's connections do. */
async function connections(): Promise<Connection[]> {
  return [
    ...(await db.owner.sql<Connection[]>`
      select state, wait_event_type as waits, query, query_start::text as asked from pg_stat_activity
      where application_name = 'test-console' and datname = current_database()`),
  ];
}
const busy = async () => (await connections()).filter(({ state }) => state !== 'idle');

describe('an export whose client leaves', () => {
  test('ends the statement that is running, within a second, and keeps no connection', async () => {
    let unlock = () => {};
    const held = new Promise<void>((resolve) => {
      unlock = resolve;
    });
    // Whoever reads the events waits for this lock, as it would for a long scan.
    const locked = db.owner.sql.begin(async (tx) => {
      await tx`lock table attestation_events in access exclusive mode`;
      await held;
    });
    try {
      const { leave } = ask();
      await expect.poll(busy).toMatchObject([{ state: 'active', waits: 'Lock' }]);
      leave();
      await expect.poll(busy, { timeout: ENDED_WITHIN_MS, interval: 20 }).toEqual([]);
    } finally {
      unlock();
      await locked;
    }
  });

  test('reads no further page, and holds none while it waits for a client that does not read', async () => {
    const { leave, answered } = ask();
    const answer = await answered;
    answer.pause();
    // The sockets between the two are full: nothing is asked any more.
    const lastAsked = async () =>
      (await connections())
        .map(({ asked }) => asked)
        .sort()
        .at(-1);
    let asked = '';
    await expect
      .poll(
        async () => {
          const before = asked;
          asked = (await lastAsked()) ?? '';
          return asked === before;
        },
        { timeout: 10_000, interval: 400 },
      )
      .toBe(true);
    expect(await busy()).toEqual([]);
    leave();
    await new Promise((passed) => setTimeout(passed, 500));
    expect(await busy()).toEqual([]);
    expect(await lastAsked()).toBe(asked);
  });

  test('is no other than one that is read to its end', async () => {
    const { answered } = ask();
    let bytes = '';
    for await (const chunk of await answered) bytes += String(chunk);
    const ids = bytes
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(new Set(ids).size).toBe(ROWS + 1);
    expect(ids).toHaveLength(ROWS + 1);
    expect(await busy()).toEqual([]);
  });
});
