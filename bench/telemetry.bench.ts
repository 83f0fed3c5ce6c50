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
import {
  createWriter,
  foldCounts,
  foldDueCounts,
  type PendingAttestation,
  recordAttestations,
  type WriterMemory,
} from '@/lib/telemetry';
import { type BenchDevice, makeAttestation, makeDevices, seededRandom } from './support/attestations';
import { type CopiedRows, copyIn, copyOut, emptyTables, partOf } from './support/copy';
import { type BenchContext, median, printReport } from './support/report';

/** Each attests once or twice: tokens last for minutes, and a fleet is large. */
const DEVICES = 16_000;
const EVENTS = 24_000;
/** The most that a group commit takes; under load it takes as many. */
const BATCH = 256;
/** The service has a worker for each core, which writes by its own shard of the rollups. */
const WRITERS = 2;
/** Transactions that a busy worker has under way, each on a connection of its own. */
const UNDER_WAY = 2;
/** A node folds what live views read about as often, and the rest less so. */
const FOLD_MS = 300;
/** Attestations come this far apart, so that the run spans a few minutes and one hour ends in it. */
const APART_MS = 20;
const ROUNDS = 3;

/**
 * The write path (challenges, device state, events, all rollups and device days, in the transactions that group commits
 * make) beside `COPY` of the very rows that it left, into the same tables, emptied. `COPY` writes each row once, in its
 * final state, in one stream and one transaction; the write path commits every batch, updates devices, and adds to a
 * rollup row as often as it grows between two folds. Both are measured one transaction at a time and as a busy service has them;
 * several streams of `COPY` are measured too, to say what the machine could do at most.
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
  const owner = openDatabase({ url: postgres.ownerUrl, applicationName: 'bench', max: WRITERS });
  const url = urlForRole(postgres.ownerUrl, SERVICE_ROLE, 'bench');
  const service = openDatabase({ url, applicationName: 'bench-service', max: WRITERS * (UNDER_WAY + 1) });
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

/** Events per second of the write path and of `COPY`, by one writer or stream and by several. */
interface Round {
  readonly ours: Rates;
  readonly copy: Rates;
  readonly rows: CopiedRows;
}

interface Rates {
  readonly one: number;
  readonly several: number;
}

/** Everything on tables that are empty but for the devices. */
async function round(owner: Database, service: Database, index: number): Promise<Round> {
  const random = seededRandom(index + 1);
  const devices = makeDevices(DEVICES, random);
  const one = await written(owner, service, devices, 1, random);
  const several = await written(owner, service, devices, WRITERS * UNDER_WAY, random);
  const rows = await copyOut(owner.sql);
  const copy = { one: await copied(owner, rows, 1), several: await copied(owner, rows, WRITERS) };
  return { ours: { one, several }, copy, rows };
}

/** Events per second of transactions that share them, `streams` at once, each with devices of its own. */
async function written(
  owner: Database,
  service: Database,
  devices: readonly BenchDevice[],
  streams: number,
  random: () => number,
): Promise<number> {
  const parts = Array.from({ length: streams }, (_, part) =>
    makeBatches(
      devices.filter((_device, index) => index % streams === part),
      EVENTS / streams,
      random,
    ),
  );
  const writers = Array.from(
    { length: Math.ceil(streams / UNDER_WAY) },
    (_, index) => new Folding(service, index),
  );
  await emptyTables(owner.sql);
  await enrol(owner, devices);
  await settle(owner);
  return rateOf(() =>
    Promise.all(
      parts.map(async (batches, part) => {
        const writer = writers[part % writers.length];
        for (const batch of batches) await writer?.record(batch);
      }),
    ).then(() => Promise.all(writers.map((writer) => writer.end()))),
  );
}

/** A writer that folds its counts now and then, beside its commits, as a node does. */
class Folding {
  readonly #db: Database;
  readonly #writer: WriterMemory;
  #foldedAt = performance.now();
  #folding: Promise<unknown> = Promise.resolve();

  constructor(db: Database, index: number) {
    this.#db = db;
    this.#writer = createWriter(`bench-w${index + 1}`);
  }

  async record(batch: readonly PendingAttestation[]): Promise<void> {
    await recordAttestations(this.#db, batch, this.#writer);
    if (performance.now() - this.#foldedAt >= FOLD_MS) this.#fold();
  }

  async end(): Promise<void> {
    await this.#folding;
    await foldCounts(this.#db, this.#writer);
  }

  #fold(): void {
    this.#foldedAt = performance.now();
    this.#folding = this.#folding.then(() => foldDueCounts(this.#db, this.#writer));
  }
}

async function copied(owner: Database, rows: CopiedRows, streams: number): Promise<number> {
  await emptyTables(owner.sql);
  await settle(owner);
  return rateOf(() =>
    Promise.all(
      Array.from({ length: streams }, (_, stream) => copyIn(owner.sql, partOf(rows, stream, streams))),
    ),
  );
}

async function rateOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return EVENTS / ((performance.now() - start) / 1000);
}

/** Writes back what is dirty, so that nobody pays for what was before. */
async function settle({ sql }: Database): Promise<void> {
  await sql`checkpoint`;
}

function makeBatches(
  devices: readonly BenchDevice[],
  count: number,
  random: () => number,
): PendingAttestation[][] {
  const startMs = Date.now() - count * APART_MS;
  const batches: PendingAttestation[][] = [];
  for (let index = 0; index < count; index++) {
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
      'trusted', '0 0 0 0 0 0 0 0', '', '', '', now() - interval '1 day', now() - interval '1 day', now() - interval '1 day',
      now() - interval '1 day'
    from jsonb_array_elements(${JSON.stringify(values)}::jsonb) as d`;
}

function report(rounds: readonly Round[], context: BenchContext): void {
  const of = (pick: (one: Round) => number) => median(rounds.map(pick));
  const row = (name: string, ours: (one: Round) => number, limit: (one: Round) => number, bar?: number) => {
    const ratio = of((one) => ours(one) / limit(one));
    return {
      name,
      ours: of(ours),
      limit: of(ours) / ratio,
      unit: '1/s',
      bar: bar === undefined ? 'told' : `ratio >= ${bar}`,
      holds: bar === undefined || ratio >= bar,
    };
  };
  const rows = Object.entries(rounds[0]?.rows ?? {}).map(([table, all]) => `${table} ${all.length}`);
  printReport(
    'telemetry',
    [
      row(
        `${WRITERS} writers with ${UNDER_WAY} transactions each, beside COPY`,
        (one) => one.ours.several,
        (one) => one.copy.one,
        0.8,
      ),
      row(
        '1 transaction at a time, beside COPY',
        (one) => one.ours.one,
        (one) => one.copy.one,
      ),
      row(
        `${WRITERS} writers with ${UNDER_WAY} transactions each, beside ${WRITERS} COPY`,
        (one) => one.ours.several,
        (one) => one.copy.several,
      ),
    ],
    context,
    [`Batches of ${BATCH}. Rows left by each: ${rows.join(', ')}`],
  );
}
