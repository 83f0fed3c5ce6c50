import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CONSOLE_ROLE,
  type Database,
  migrateDatabase,
  openDatabase,
  SERVICE_ROLE,
  setRolePasswords,
  urlForRole,
} from '@/lib/db';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@/lib/db/embedded';
import type { TestCa } from '@/lib/evidence/testing';
import { foldAbandonedCounts, latencyBin } from '@/lib/telemetry';
import { Phone } from './testing/phone';
import { recount } from './testing/recount';
import { registerTestApp, TEST_APP } from './testing/service';
import { type ServiceProcess, startServiceProcess } from './testing/service-process';

const PHONES = 6;
/** What ends, one after the other, each after a moment of traffic. */
const FAULTS = ['worker', 'postgres', 'worker', 'postgres', 'worker'] as const;
const BETWEEN_FAULTS_MS = 1_800;
/** What is counted in memory may be lost for as long as there is between two flushes (a second), and as one takes. */
const LOST_BEFORE_KILL_MS = 3_000;
const PASSWORDS = { console: 'console', service: 'service' };

let folder: string;
let postgres: EmbeddedPostgres;
let owner: Database;
let ca: TestCa;
let service: ServiceProcess;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-recount-'));
  await chmod(folder, 0o711);
  postgres = await startPostgres();
  await migrateDatabase(postgres.ownerUrl, process.cwd());
  await setRolePasswords(postgres.ownerUrl, PASSWORDS);
  owner = openDatabase({ url: postgres.ownerUrl, applicationName: 'test-owner', max: 4 });
  const consoleUrl = urlForRole(postgres.ownerUrl, CONSOLE_ROLE, PASSWORDS.console);
  const console = openDatabase({ url: consoleUrl, applicationName: 'test-console', max: 1 });
  ca = await registerTestApp({ console });
  await console.close();
  service = await startServiceProcess(urlForRole(postgres.ownerUrl, SERVICE_ROLE, PASSWORDS.service));
}, 120_000);
afterAll(async () => {
  await owner.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

function startPostgres(port?: number): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    directory: path.join(folder, 'postgres'),
    root: process.cwd(),
    ...(port === undefined ? {} : { port }),
  });
}

/** Ends Postgres as a power failure would, and starts it again where it was. */
async function crashPostgres(): Promise<void> {
  const { port } = new URL(postgres.ownerUrl);
  process.kill(postgres.pid, 'SIGQUIT');
  await postgres.exited;
  postgres = await startPostgres(Number(port));
}

/** What the traffic was answered, with the times that matter for what may be lost. */
class Log {
  readonly tokenIds: string[] = [];
  readonly decidedAt: number[] = [];
  readonly challengedAt: number[] = [];
  asked = 0;
}

const pick = <Value>(values: readonly Value[]): Value =>
  values[Math.floor(Math.random() * values.length)] as Value;

/** One phone's traffic until it is told to stop: good and bad attestations, and requests with and without its token. */
async function use(phone: Phone, record: Log, isOver: () => boolean): Promise<void> {
  let token = '';
  while (!isOver()) {
    const changes = {
      osVersion: pick(['26.5', '26.4', '18.7']),
      appVersion: pick([TEST_APP.appVersion, '5.3.0']),
      model: pick(['A', 'B', 'C']),
      signals: { hooks: Math.random() < 0.2, debugger: Math.random() < 0.1, screenshot: true },
    };
    try {
      const attestation = await phone.attestation(service.url, changes);
      record.challengedAt.push(performance.now());
      if (Math.random() < 0.15) attestation.assertion = 'AAAA';
      const sent = { method: 'POST', headers: { 'content-type': 'application/json' } };
      const body = JSON.stringify(attestation);
      const answer = await fetch(`${service.url}/v1/attestations`, { ...sent, body });
      const answered = (await answer.json()) as { token?: string };
      if (answer.status === 200 && answered.token !== undefined) {
        token = answered.token;
        record.tokenIds.push(tokenIdOf(token));
      }
      record.asked += 1;
      const headers = Math.random() < 0.8 ? { 'attestation-token': token } : {};
      await fetch(`${service.url}/v1/authorize?api=${TEST_APP.apiId}`, { headers });
      record.decidedAt.push(performance.now());
    } catch {
      // A worker that was killed took the call with it.
      await sleep(20);
    }
  }
}

function tokenIdOf(token: string): string {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    jti: string;
  };
  return claims.jti;
}

test('after random traffic with crashes of workers and Postgres, rollups are what the events say, cell by cell', async () => {
  const phones = Array.from(
    { length: PHONES },
    (_, index) => new Phone(ca, index % 2 === 0 ? 'ios' : 'android'),
  );
  for (const phone of phones) expect((await phone.enrol(service.url)).status).toBe(201);
  const record = new Log();
  let isOver = false;
  const traffic = phones.map((phone) => use(phone, record, () => isOver));
  const kills: number[] = [];
  for (const fault of FAULTS) {
    await sleep(BETWEEN_FAULTS_MS);
    if (fault === 'postgres') {
      await crashPostgres();
      // What was counted meanwhile has to be written before the next one, which would take it with it.
      await allWritten(record, kills);
    } else {
      process.kill(pick(await service.workerPids()), 'SIGKILL');
      kills.push(performance.now());
    }
  }
  await sleep(BETWEEN_FAULTS_MS);
  isOver = true;
  await Promise.all(traffic);
  const last = phones[0];
  await expect
    .poll(() => last?.attest(service.url).catch(() => undefined), { timeout: 15_000 })
    .toMatchObject({ status: 200 });
  await service.stop();
  // What the last workers that were killed had counted, before a service would take it for abandoned.
  await foldAbandonedCounts(owner, 0);

  expect(record.tokenIds.length).toBeGreaterThan(100);
  expect(await recount(owner)).toEqual({
    minutes: [],
    hours: [],
    cells: [],
    deviceDays: [],
    requestHours: [],
    instances: [],
  });
  expect(await storedLatencies()).toEqual(await countedLatencies());
  expect(await missingEvents(record.tokenIds)).toBe(0);
  const { challenges, decisions } = await countedInMemory();
  expect(decisions).toBeLessThanOrEqual(record.asked);
  for (const [stored, answeredAt] of [
    [challenges, record.challengedAt],
    [decisions, record.decidedAt],
  ] as const) {
    const safe = safeFrom(kills, answeredAt);
    expect(safe).toBeGreaterThan(100);
    expect(stored).toBeGreaterThanOrEqual(safe);
  }
  await addUncounted();
  const { minutes, hours, cells } = await recount(owner);
  expect([minutes.length, hours.length, cells.length > 0]).toEqual([2, 2, true]);
}, 120_000);

/** How many of the calls no kill may have taken: they were answered earlier than a moment before each. */
function safeFrom(kills: readonly number[], answeredAt: readonly number[]): number {
  return answeredAt.filter((at) => !kills.some((kill) => at > kill - LOST_BEFORE_KILL_MS && at <= kill))
    .length;
}

/** What is counted in memory first, as it is stored. */
async function countedInMemory(): Promise<{ challenges: number; decisions: number }> {
  const challenges = await sum(`select sum(events) from counter_rollup_minutes where name = 'challenge'`);
  const decisions = await sum('select sum(requests) from request_rollup_minutes');
  // The phones' first challenges were not asked for by the traffic.
  return { challenges: challenges - PHONES, decisions };
}

/** Waits until every worker has written what it had counted by now, but for what kills took. */
async function allWritten(record: Log, kills: readonly number[]): Promise<void> {
  const challenges = safeFrom(kills, record.challengedAt);
  const decisions = safeFrom(kills, record.decidedAt);
  await expect
    .poll(
      async () => {
        const stored = await countedInMemory();
        return stored.challenges >= challenges && stored.decisions >= decisions;
      },
      { timeout: 30_000, message: 'the counts from before and during the crash' },
    )
    .toBe(true);
}

/** An event that no rollup counts, which the recount has to notice. */
async function addUncounted(): Promise<void> {
  await owner.sql.begin(async (sql) => {
    await sql`create temp table one on commit drop as select * from attestation_events limit 1`;
    await sql`update one set id = gen_random_uuid()`;
    await sql`insert into attestation_events select * from one`;
  });
}

async function sum(statement: string): Promise<number> {
  const [row] = await owner.sql.unsafe<{ sum: string | null }[]>(statement);
  return Number(row?.sum ?? 0);
}

/** Counts by app, minute, writer, kind and bin. */
async function countedLatencies(): Promise<Record<string, number>> {
  const rows = await owner.sql<{ place: string; kind: string; us: number }[]>`
    select concat_ws(' ', app_id, date_trunc('minute', received_at), node) as place, kind, latency_us as us
    from attestation_events`;
  const counts: Record<string, number> = {};
  for (const { place, kind, us } of rows) {
    const key = `${place} latency_${kind} ${latencyBin(us)}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

async function storedLatencies(): Promise<Record<string, number>> {
  const rows = await owner.sql<{ key: string; events: number }[]>`
    select concat_ws(' ', app_id, bucket, writer, name, bin) as key, events::int as events
    from counter_rollup_minutes where name <> 'challenge'`;
  return Object.fromEntries(rows.map(({ key, events }) => [key, events]));
}

async function missingEvents(tokenIds: readonly string[]): Promise<number> {
  const [row] = await owner.sql<{ stored: number }[]>`
    select count(*)::int as stored from attestation_events where detail->>'tokenId' = any(${[...tokenIds]})`;
  return tokenIds.length - (row?.stored ?? 0);
}
