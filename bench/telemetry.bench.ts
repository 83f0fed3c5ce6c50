import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  type Database,
  migrateDatabase,
  openDatabase,
  SERVICE_ROLE,
  setRolePasswords,
  urlForRole,
} from '@/lib/db';
import { startEmbeddedPostgres } from '@/lib/db/embedded';
import { createWriter, type PendingAttestation, recordAttestations } from '@/lib/telemetry';
import { type BenchDevice, makeAttestation, makeDevices, seededRandom } from './support/attestations';
import { type CopiedRows, copyIn, copyOut, emptyTables } from './support/copy';
import { type BenchContext, median, printReport } from './support/report';

const DEVICES = 4_000;
const EVENTS = 24_000;
/** What a group commit gathers under load. */
const BATCH = 128;
/** Attestations come this far apart, so that the run spans a few minutes and one hour ends in it. */
const APART_MS = 20;
const ROUNDS = 3;

/**
 * The write path (challenges, device state, events, all rollups and device days, in the transactions that group commits
 * make) beside `COPY` of the very rows that it left, into the same tables, emptied: on one connection each. `COPY` writes
 * each row once and in one transaction; the write path commits every batch, and adds to a rollup row as often as it grows.
 */
export default async function bench(context: BenchContext): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-bench-'));
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({
    directory: path.join(folder, 'postgres'),
    root: context.root,
  });
  await migrateDatabase(postgres.ownerUrl, context.root);
  await setRolePasswords(postgres.ownerUrl, { console: 'bench', service: 'bench' });
  const owner = openDatabase({ url: postgres.ownerUrl, applicationName: 'bench', max: 1 });
  const url = urlForRole(postgres.ownerUrl, SERVICE_ROLE, 'bench');
  const service = openDatabase({ url, applicationName: 'bench-service', max: 1 });
  try {
    const rounds = [];
    for (let index = 0; index <= ROUNDS; index++) rounds.push(await round(owner, service, index));
    // The first one also fills caches and learns plans.
    report(rounds.slice(1), context);
  } finally {
    await Promise.all([owner.close(), service.close()]);
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Round {
  ours: number;
  copy: number;
  rows: CopiedRows;
}

/** Events per second of both, on tables that are empty but for the devices. */
async function round(owner: Database, service: Database, index: number): Promise<Round> {
  const random = seededRandom(index + 1);
  const devices = makeDevices(DEVICES, random);
  const batches = makeBatches(devices, random);
  await emptyTables(owner.sql);
  await enrol(owner, devices);
  await settle(owner);
  const ours = await rateOf(async () => {
    const writer = createWriter('bench-w1');
    for (const batch of batches) await recordAttestations(service, batch, writer);
  });
  const rows = await copyOut(owner.sql);
  await emptyTables(owner.sql);
  await settle(owner);
  const copy = await rateOf(() => copyIn(owner.sql, rows));
  return { ours, copy, rows };
}

async function rateOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return EVENTS / ((performance.now() - start) / 1000);
}

/** Writes back what is dirty, so that nobody pays for what was before. */
async function settle({ sql }: Database): Promise<void> {
  await sql`checkpoint`;
}

function makeBatches(devices: readonly BenchDevice[], random: () => number): PendingAttestation[][] {
  const startMs = Date.now() - EVENTS * APART_MS;
  const batches: PendingAttestation[][] = [];
  for (let index = 0; index < EVENTS; index++) {
    const device = devices[Math.floor(random() * devices.length)];
    if (device === undefined) throw new TypeError('There are no devices.');
    if (index % BATCH === 0) batches.push([]);
    batches.at(-1)?.push(makeAttestation(device, startMs + index * APART_MS, random));
  }
  return batches;
}

async function enrol({ sql }: Database, devices: readonly BenchDevice[]): Promise<void> {
  const values = devices.map(({ id, appId, platform }) => ({ id, app_id: appId, platform }));
  await sql`
    insert into device_instances (id, app_id, platform, format, public_key, key_id, counter, claims, verdict, vector,
      app_version, os_version, model, evidence_at, first_seen_at, last_seen_at, listed_at)
    select (d->>'id')::uuid, d->>'app_id', d->>'platform', 'dev', sha256(d::text::bytea), sha256(d::text::bytea), 0, '{}',
      'trusted', '{}', '', '', '', now() - interval '1 day', now() - interval '1 day', now() - interval '1 day',
      now() - interval '1 day'
    from jsonb_array_elements(${JSON.stringify(values)}::jsonb) as d`;
}

function report(rounds: readonly Round[], context: BenchContext): void {
  const ours = median(rounds.map((one) => one.ours));
  const ratio = median(rounds.map((one) => one.ours / one.copy));
  const rows = Object.entries(rounds[0]?.rows ?? {}).map(([table, all]) => `${table} ${all.length}`);
  printReport(
    'telemetry',
    [
      {
        name: 'attestations written, beside COPY of the same rows',
        ours,
        limit: ours / ratio,
        unit: '1/s',
        bar: 'ratio >= 0.8',
        holds: ratio >= 0.8,
      },
    ],
    context,
    [`Batches of ${BATCH}. Rows left by each: ${rows.join(', ')}`],
  );
}
