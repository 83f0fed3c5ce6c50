import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import { createBlock } from '@/lib/blocks';
import { viewPropagation } from '@/lib/changes';
import { type PartiesProgress, revocationsSchema } from '@/lib/contracts';
import { type AppError, systemClock } from '@/lib/core';
import { cutOff } from '@/lib/cut-offs';
import type { TestCa } from '@/lib/evidence/testing';
import {
  deleteGoneReplicas,
  listRelyingParties,
  registerRelyingParty,
  removeRelyingParty,
  writeAcknowledgements,
} from '@/lib/relying-parties';
import type { RunningService } from './index';
import { Phone } from './testing/phone';
import { registerTestApp, startTestService, TEST_APP } from './testing/service';

let db: TestDatabase;
let ca: TestCa;
const running: RunningService[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
});
afterAll(() => db.close());
afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.close()));
  await db.owner.sql`delete from relying_party_replicas`;
  await db.owner.sql`delete from relying_parties`;
});

const ADMIN = actorWith('admin');
const context = (actor = ADMIN) => ({ db: db.console, actor, clock: systemClock });
const within = { timeout: 8_000, interval: 20 };
const register = (name: string) => registerRelyingParty(context(), { name, apiId: TEST_APP.apiId });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: AppError) => error.code,
  );

async function start(): Promise<RunningService> {
  const service = await startTestService(db);
  running.push(service);
  return service;
}

const cutAllOff = async () => {
  // Of several in the same second only the first would be later than the one before.
  await db.owner.sql`update cut_offs set not_before = not_before - interval '1 hour'`;
  const { seq } = await cutOff(context(), {
    scope: 'organisation',
    target: 'default',
    notBefore: null,
    reason: 'an exercise',
  });
  return seq;
};
const progress = async (seq: number): Promise<PartiesProgress | null> =>
  (await viewPropagation(context(), { seq })).relyingParties;

function ask(service: RunningService, credential: string | null, search = ''): Promise<Response> {
  return fetch(`${service.url}/v1/revocations${search}`, {
    headers: credential === null ? {} : { authorization: `Bearer ${credential}` },
  });
}

/** Fetches the list and says that it is in force, again for as long as there is news of what changed meanwhile. */
async function applies(service: RunningService, credential: string, replica = 'main'): Promise<number> {
  let answer = await ask(service, credential, `?replica=${replica}`);
  for (;;) {
    const list = revocationsSchema.parse(await answer.json());
    answer = await ask(service, credential, `?replica=${replica}&epoch=${list.epoch}&after=${list.seq}`);
    if (answer.status === 204) return list.seq;
    expect(answer.status).toBe(200);
  }
}

describe('a relying party', () => {
  test('acknowledges with its question, and the proof of an act lists it with its processes', async () => {
    const service = await start();
    const { credential } = await register('edge');
    await expect.poll(async () => (await ask(service, credential)).status, within).toBe(200);
    await applies(service, credential, 'a');
    await applies(service, credential, 'b');
    const seq = await cutAllOff();
    await expect.poll(() => progress(seq), within).toMatchObject({ told: true, applied: 0, due: 3 });
    await expect.poll(() => applies(service, credential, 'a'), within).toBeGreaterThanOrEqual(seq);
    await expect.poll(() => progress(seq), within).toMatchObject({ applied: 1, due: 3 });
    const seen = await progress(seq);
    expect(seen?.listed.map(({ replica, state }) => [replica, state])).toEqual([
      ['b', 'pending'],
      ['main', 'pending'],
      ['a', 'applied'],
    ]);
    expect(seen?.slowestMs).toBeGreaterThanOrEqual(0);
    expect(seen?.listed[2]?.latencyMs).toBe(seen?.slowestMs);
  });

  test('that is dead is listed as away, is waited for no more, and is not forgotten', async () => {
    const service = await start();
    const { credential, id } = await register('edge');
    await register('never heard of');
    await expect.poll(async () => (await ask(service, credential)).status, within).toBe(200);
    await applies(service, credential);
    const seq = await cutAllOff();
    await expect.poll(() => progress(seq), within).toMatchObject({ applied: 0, due: 1, away: 1 });
    await service.close();
    running.length = 0;
    await db.owner.sql`update relying_party_replicas set last_seen_at = now() - interval '3 days'`;
    expect(await deleteGoneReplicas(db.service)).toBe(0);
    expect(await progress(seq)).toMatchObject({ applied: 0, due: 0, away: 2 });
    const { relyingParties } = await listRelyingParties(context());
    expect(relyingParties.find((party) => party.id === id)?.replicas).toMatchObject([
      { replica: 'main', alive: false, current: false },
    ]);
    await db.owner.sql`insert into relying_party_replicas
      select party_id, 'newer', epoch, applied_seq, now() - interval '2 days', step_seqs, step_ats
      from relying_party_replicas`;
    expect(await deleteGoneReplicas(db.service)).toBe(1);
  });

  test('hears of blocks by the end of a token only, and the proof says so', async () => {
    const { id } = await register('edge');
    const { seq } = await createBlock(context(), {
      scope: 'country',
      target: 'DE',
      appId: null,
      effect: 'simulate',
      reason: 'an exercise',
      durationSeconds: 60,
    });
    expect(await progress(seq)).toMatchObject({ told: false, applied: 0, listed: [{ partyId: id }] });
  });
});

describe('the name of a relying party', () => {
  test('is nobody’s without its credential, and not after it was removed', async () => {
    const service = await start();
    const { credential, id } = await register('edge');
    await expect.poll(async () => (await ask(service, credential)).status, within).toBe(200);
    for (const other of ['csr_', `${credential}x`, id, 'x'.repeat(4_000)]) {
      const answer = await ask(service, other);
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
        401,
        'relying_party_unknown',
      ]);
    }
    expect((await ask(service, null)).status).toBe(200);
    expect((await ask(service, credential, '?replica=a%20b')).status).toBe(422);
    const before = await db.owner.sql`select 1 from relying_party_replicas`;
    expect(before.length).toBeLessThanOrEqual(1);
    await removeRelyingParty(context(), { id, reason: 'an exercise' });
    await expect.poll(async () => (await ask(service, credential)).status, within).toBe(401);
    expect(await codeOf(removeRelyingParty(context(), { id, reason: 'an exercise' }))).toBe(
      'relying_party_not_found',
    );
    expect(await progress(await cutAllOff())).toBeNull();
  });

  test('is taken once, by whom the registry is open, and each leaves an audit row', async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => codeOf(register('edge'))));
    expect(outcomes.sort()).toEqual(['done', 'relying_party_name_taken', 'relying_party_name_taken']);
    const draft = { name: 'other', apiId: TEST_APP.apiId };
    expect(await codeOf(registerRelyingParty(context(actorWith('responder')), draft))).toBe(
      'permission_denied',
    );
    expect(await codeOf(registerRelyingParty(context(actorWith('admin', 'other')), draft))).toBe(
      'permission_denied',
    );
    expect(await codeOf(registerRelyingParty(context(), { ...draft, apiId: 'nothing' }))).toBe(
      'api_not_found',
    );
    const rows = await db.owner.sql`select 1 from audit_log where action = 'relying_party.register'
      and detail->>'name' = 'other'`;
    expect(rows).toHaveLength(0);
    const kept = await db.owner.sql`select credential_hash from relying_parties`;
    expect(kept).toHaveLength(1);
  });
});

describe('an acknowledgement', () => {
  const write = (...acks: { replica?: string; epoch?: string | null; seq: number; partyId: string }[]) =>
    writeAcknowledgements(
      db.service,
      acks.map((ack) => ({ replica: 'main', epoch, ...ack })),
    );
  const row = async () =>
    (
      await db.owner
        .sql`select applied_seq::int as seq, step_seqs::int[] as steps from relying_party_replicas`
    )[0];
  let epoch = '';
  let head = 0;
  beforeAll(async () => {
    for (let round = 0; round < 20; round++) await cutAllOff();
    const [feed] = await db.owner.sql`select epoch, seq::int as seq from change_feed`;
    epoch = String(feed?.epoch);
    head = Number(feed?.seq);
  });

  test('is never ahead of the feed, never falls back, and keeps when it came to its last positions', async () => {
    const { id } = await register('edge');
    await write({ partyId: id, seq: head + 1_000_000 });
    const ahead = await row();
    expect(ahead?.seq).toBeLessThanOrEqual(head + 10);
    await write({ partyId: id, seq: 3 });
    expect(await row()).toMatchObject({ seq: ahead?.seq });
    await db.owner.sql`delete from relying_party_replicas`;
    for (let seq = 1; seq <= 20; seq++) await write({ partyId: id, seq });
    expect(await row()).toMatchObject({ seq: 20, steps: Array.from({ length: 16 }, (_, at) => at + 5) });
    await write({ partyId: id, seq: 0, epoch: null });
    expect(await row()).toMatchObject({ seq: 20 });
    await write({ partyId: id, seq: 30, epoch: crypto.randomUUID() });
    expect(await row()).toMatchObject({ seq: 20 });
  });

  test('after a restore to before it counts from what there is', async () => {
    const { id } = await register('edge');
    await write({ partyId: id, seq: head });
    await db.owner.sql`update relying_party_replicas set applied_seq = ${head + 500}`;
    await write({ partyId: id, seq: head });
    expect(await row()).toMatchObject({ seq: head });
  });

  test('costs a row for each process of at most a hundred, and none for who is not registered', async () => {
    const { id } = await register('edge');
    await write({ partyId: crypto.randomUUID(), seq: 1 });
    expect(await row()).toBeUndefined();
    await db.owner.sql`insert into relying_party_replicas
      select ${id}, 'r' || n, ${epoch}, 0, now(), '{0}', array[now()] from generate_series(1, 100) n`;
    await write({ partyId: id, replica: 'one-more', seq: 1 }, { partyId: id, replica: 'r1', seq: 1 });
    const [count] = await db.owner.sql`select count(*)::int as rows, max(applied_seq)::int as seq
      from relying_party_replicas`;
    expect(count).toMatchObject({ rows: 100, seq: 1 });
  });
});

describe('the program of the guide', () => {
  let program: ChildProcess | undefined;
  let folder = '';
  afterEach(async () => {
    if (program !== undefined && program.exitCode === null) {
      program.kill();
      await once(program, 'exit');
    }
    if (folder !== '') await rm(folder, { recursive: true, force: true });
  });

  test('verifies locally, refuses what is cut off, and is listed in the proof', async () => {
    const service = await start();
    const guide = await readFile(path.resolve('docs/integrate/local-verification.md'), 'utf8');
    // Beside this test, where the packages of the repository are found.
    folder = await mkdtemp(path.resolve('lib/service/testing/.guide-'));
    const file = path.join(folder, 'local-verification.mjs');
    await writeFile(file, /```js\n([\s\S]*?)```/.exec(guide)?.[1] ?? '');
    const port = await freePort();
    const { credential } = await register('accounts API');
    program = spawn(process.execPath, [file], {
      stdio: 'ignore',
      env: {
        NODE_ENV: 'test',
        COUNTERSIGN_URL: service.url,
        COUNTERSIGN_ISSUER: 'https://attest.example',
        COUNTERSIGN_CREDENTIAL: credential,
        APP_ID: TEST_APP.id,
        API_ID: TEST_APP.apiId,
        REPLICA: 'pod-1',
        PORT: String(port),
      },
    });
    const phone = new Phone(ca, 'android');
    const { token = '' } = (await phone.enrol(service.url)).body;
    const call = async (headers: Record<string, string>) => {
      const answer = await fetch(`http://127.0.0.1:${port}/accounts`, { headers }).catch(() => undefined);
      if (answer === undefined) return 'away';
      return answer.status === 200 ? 200 : ((await answer.json()) as { code: string }).code;
    };
    await expect.poll(() => call({ 'attestation-token': token }), within).toBe(200);
    expect(await call({})).toBe('token_missing');
    expect(await call({ 'attestation-token': `${token}x` })).toBe('token_bad_signature');
    // A cut-off spares what was issued in its own second.
    const issuedMs = Date.now();
    while (Date.now() < issuedMs + 1_000) await new Promise((resolve) => setTimeout(resolve, 20));
    const seq = await cutAllOff();
    await expect.poll(() => call({ 'attestation-token': token }), within).toBe('token_revoked');
    await expect
      .poll(() => progress(seq), within)
      .toMatchObject({ applied: 1, due: 1, listed: [{ replica: 'pod-1', state: 'applied' }] });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
