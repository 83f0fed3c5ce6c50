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
import { type BenchDevice, makeDevices, seededRandom } from './support/attestations';
import { type CopiedRows, copyIn, copyOut, emptyTables, partOf, spelledOut } from './support/copy';
import { type BenchContext, median, printReport } from './support/report';
import { BATCH, type ForkedWriter, forkWriter, serveWriterIfForked } from './support/writer';

// In the process of a worker this serves it, and never returns.
await serveWriterIfForked();

/** Each attests once or twice: tokens last for minutes, and a fleet is large. */
const DEVICES = 64_000;
/**
 * Six seconds of writing and more. After a wait, and by the collection before a run, the engine takes a heap for a quiet one and lets it
 * grow by a third only before it collects all of it again. Of a run of a second and a half that is a quarter of its CPU.
 */
const EVENTS = 96_000;
/** The service has a worker for each core, which writes by its own shard of the rollups. */
const WRITERS = 2;
/** Transactions that a busy worker has under way, each on a connection of its own. */
const UNDER_WAY = 2;
const ROUNDS = 7;

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
  const alone = forkWriter();
  const workers = Array.from({ length: WRITERS }, forkWriter);
  try {
    const rounds = [];
    for (let index = 0; index <= ROUNDS; index++)
      rounds.push(await round(owner, { url, alone, workers }, index + 1));
    // The first one also fills caches and learns plans.
    report(rounds.slice(1), context);
  } finally {
    await Promise.all([owner.close(), ...[alone, ...workers].map(({ stop }) => stop())]);
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Events per second of the write path and of `COPY`, by one writer or stream and by several. */
interface Round {
  readonly ours: Rates;
  readonly copy: Rates & { readonly spelledOut: number };
  /** How many rows each table was left with. */
  readonly rows: string;
}

interface Rates {
  readonly one: number;
  readonly several: number;
}

/** Who writes, and how. */
interface Work {
  readonly url: string;
  readonly workers: readonly ForkedWriter[];
  /** Transactions that each has under way. */
  readonly underWay: number;
  readonly seed: number;
}

/** Everything on tables that are empty but for the devices. */
async function round(
  owner: Database,
  { url, alone, workers }: Pick<Work, 'url' | 'workers'> & { readonly alone: ForkedWriter },
  seed: number,
): Promise<Round> {
  const random = seededRandom(seed);
  // Each time others: writers remember whose day they have written down.
  const one = await written(owner, makeDevices(DEVICES, random), {
    url,
    workers: [alone],
    underWay: 1,
    seed,
  });
  const several = await written(owner, makeDevices(DEVICES, random), {
    url,
    workers,
    underWay: UNDER_WAY,
    seed,
  });
  const rows = await copyOut(owner.sql);
  const copy = {
    one: await copied(owner, rows, 1),
    several: await copied(owner, rows, WRITERS),
    spelledOut: await copied(owner, await spelledOut(owner.sql, rows), 1),
  };
  const counts = Object.entries(rows).map(([table, all]) => `${table} ${all.length}`);
  return { ours: { one, several }, copy, rows: counts.join(', ') };
}

/** Events per second of workers that share them, each a process with devices of its own. */
async function written(owner: Database, devices: readonly BenchDevice[], work: Work): Promise<number> {
  const { url, workers, underWay, seed } = work;
  await emptyTables(owner.sql);
  await enrol(owner, devices);
  await Promise.all(
    workers.map(({ call }, index) =>
      call.prepare({
        url,
        name: `bench-w${index + 1}`,
        devices: devices.filter((_, place) => place % workers.length === index),
        events: EVENTS / workers.length,
        underWay,
        seed: seed * workers.length + index,
      }),
    ),
  );
  await settle(owner);
  return rateOf(() => Promise.all(workers.map(({ call }) => call.write())));
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

/**
 * Enrols a fleet that has been there for a day. Each device was moved up in lists within the last half hour, which is how often
 * a busy service does it.
 */
async function enrol({ sql }: Database, devices: readonly BenchDevice[]): Promise<void> {
  const values = devices.map((device) => ({
    id: device.id,
    app_id: device.appId,
    platform: device.platform,
    app_version: device.appVersion,
    os_version: device.osVersion,
    model: device.model,
    country: device.country,
    network_prefix: device.networkPrefix,
  }));
  await sql`
    insert into device_instances (id, app_id, platform, format, public_key, key_id, counter, claims, verdict, vector,
      app_version, os_version, model, country, asn, network_prefix, evidence_at, first_seen_at, last_seen_at, listed_at)
    select d.id, d.app_id, d.platform, 'dev', sha256(d.id::text::bytea), sha256(d.id::text::bytea), 0, '{}', 'trusted',
      '0 0 0 0 0 0 0 0', d.app_version, d.os_version, d.model, d.country, 64500, d.network_prefix,
      now() - interval '1 day', now() - interval '1 day', now() - random() * interval '5 minutes',
      now() - random() * interval '30 minutes'
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as d(id uuid, app_id text, platform text, app_version text,
      os_version text, model text, country text, network_prefix text)`;
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
  const busy = `${WRITERS} writers with ${UNDER_WAY} transactions each`;
  printReport(
    'telemetry',
    [
      row(
        `${busy}, beside COPY of the very rows`,
        (one) => one.ours.several,
        (one) => one.copy.one,
        0.8,
      ),
      row(
        `${busy}, beside COPY of the same attestations, details spelled out`,
        (one) => one.ours.several,
        (one) => one.copy.spelledOut,
      ),
      row(
        '1 transaction at a time, beside COPY of the very rows',
        (one) => one.ours.one,
        (one) => one.copy.one,
      ),
      row(
        `${busy}, beside ${WRITERS} COPY of the very rows`,
        (one) => one.ours.several,
        (one) => one.copy.several,
      ),
    ],
    context,
    [`Batches of ${BATCH}. Rows left by each: ${rounds[0]?.rows}`],
  );
}
