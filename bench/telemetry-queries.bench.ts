import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { registerApp } from '@/lib/apps';
import type { Actor, VerbContext } from '@/lib/auth';
import { type Clock, newId, type SessionId, type StaffId, systemClock } from '@/lib/core';
import {
  CONSOLE_ROLE,
  type Database,
  migrateDatabase,
  openDatabase,
  READING_WORK_MEM_MB,
  setRolePasswords,
  urlForRole,
} from '@/lib/db';
import { startEmbeddedPostgres } from '@/lib/db/embedded';
import { QUESTIONS, type Question, randomOf } from './support/console-questions';
import { type BenchContext, type BenchRow, printReport, quantile } from './support/report';
import { BENCH_ACTOR } from './support/stack';
import { fillTelemetry, noteRejections, summariseRest } from './support/telemetry-fill';

const SIZES = [200_000, 2_000_000];
const DAYS = 30;
const ROUNDS = 20;
const ANALYST: Actor = {
  kind: 'staff',
  id: newId<StaffId>(Date.now()),
  name: 'Bench',
  email: 'bench@example.com',
  grants: [{ role: 'analyst', appId: null }],
  sessionId: newId<SessionId>(Date.now()),
  steppedUpAt: null,
};

/** What one size of database took: the 95th percentile of each question in milliseconds, and its bytes per event. */
interface Measured {
  readonly events: number;
  readonly p50: ReadonlyMap<string, number>;
  readonly p95: ReadonlyMap<string, number>;
  readonly bytesPerEvent: number;
}

/**
 * Every question of the console over 30 days at two sizes (`--events=200000,2000000`): the larger one's times stand beside
 * the smaller one's, which shows what grows with events and what does not. A large database takes long to fill:
 * with `--keep=FOLDER` it stays there, and the next run with the same folder asks it again, as of the day when it was filled.
 */
export default async function bench(context: BenchContext): Promise<void> {
  const sizes = sizesOf(process.argv);
  const eventDays = eventDaysOf(process.argv);
  const kept = optionOf(process.argv, 'keep');
  const measured: Measured[] = [];
  for (const events of sizes) measured.push(await measure(context.root, { events, eventDays, kept }));
  const first = measured[0];
  const rows = measured.flatMap((one): BenchRow[] => [
    ...questionsOf(process.argv).map(({ name, barMs }) => ({
      name: `${name}, p95 at ${inWords(one.events)}`,
      ours: one.p95.get(name) ?? Number.NaN,
      limit: one === first ? null : (first?.p95.get(name) ?? null),
      unit: 'ms',
      bar: `<= ${barMs}`,
      holds: (one.p95.get(name) ?? Number.NaN) <= barMs,
    })),
    {
      name: `database per million events, at ${inWords(one.events)}`,
      ours: one.bytesPerEvent,
      limit: null,
      unit: 'MB',
      bar: 'told',
      holds: true,
    },
  ]);
  printReport('telemetry-queries', rows, context, [
    ...measured.map((one) => `p50 at ${inWords(one.events)}: ${medians(one)}`),
    'The limit of the larger size is what the smaller one took in this run. Events carry no detail of their checks here.',
    `Events were kept for ${eventDays} days, their counts for all of the ${DAYS}.`,
  ]);
}

function optionOf(argv: readonly string[], name: string): string | undefined {
  return argv.find((option) => option.startsWith(`--${name}=`))?.slice(name.length + 3);
}

function sizesOf(argv: readonly string[]): number[] {
  const given = optionOf(argv, 'events');
  const sizes = given === undefined ? SIZES : given.split(',').map(Number);
  if (sizes.some((size) => !(size >= 1_000))) throw new Error('--events takes numbers of at least 1000');
  return sizes;
}

/** Days for which events are kept beside their counts: a busy deployment keeps them for a week or less. */
function eventDaysOf(argv: readonly string[]): number {
  const given = optionOf(argv, 'event-days');
  const days = given === undefined ? DAYS : Number(given);
  if (!(days >= 1 && days <= DAYS)) throw new Error(`--event-days takes a number from 1 to ${DAYS}`);
  return days;
}

/** `--only=TEXT`: those whose name holds it. */
function questionsOf(argv: readonly string[]): readonly Question[] {
  const only = optionOf(argv, 'only') ?? '';
  return QUESTIONS.filter(({ name }) => name.includes(only));
}

const inWords = (events: number) => (events >= 1e6 ? `${events / 1e6} M` : `${Math.round(events / 1e3)} k`);
const medians = ({ p50 }: Measured) => [...p50].map(([name, ms]) => `${name} ${ms.toFixed(1)}`).join(', ');

async function measure(root: string, { events, eventDays, kept }: Asked): Promise<Measured> {
  const folder = kept
    ? path.join(kept, `${events}-${eventDays}`)
    : await mkdtemp(path.join(os.tmpdir(), 'countersign-bench-'));
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({
    directory: path.join(folder, 'postgres'),
    root,
    // Filling writes gigabytes of log; reading knows nothing of it.
    settings: ['max_wal_size=8GB'],
  });
  try {
    await migrateDatabase(postgres.ownerUrl, root);
    const owner = openDatabase({
      url: postgres.ownerUrl,
      applicationName: 'bench',
      max: 2,
      statementTimeoutMs: 0,
    });
    const password = randomBytes(16).toString('hex');
    await setRolePasswords(postgres.ownerUrl, { console: password, service: password });
    const url = urlForRole(postgres.ownerUrl, CONSOLE_ROLE, password);
    const db = openDatabase({
      url,
      applicationName: 'bench-console',
      max: 12,
      workMemMb: READING_WORK_MEM_MB,
    });
    try {
      const note = path.join(folder, 'bytes');
      const bytes = await readFile(note, 'utf8').then(Number, async () => {
        const filled = await fill(owner, db, { events, eventDays });
        await writeFile(note, String(filled));
        return filled;
      });
      // A newer version may have sums to make of what was filled by another.
      await summariseRest(owner);
      await noteRejections(owner);
      return { events, ...(await askAll(db, await clockOfFilling(owner))), bytesPerEvent: bytes / events };
    } finally {
      await Promise.all([owner.close(), db.close()]);
    }
  } finally {
    await postgres.stop();
    if (!kept) await rm(folder, { recursive: true, force: true });
  }
}

interface Asked {
  readonly events: number;
  readonly eventDays: number;
  /** Where filled databases stay. */
  readonly kept: string | undefined;
}

/** @returns bytes that the filling took */
async function fill(
  owner: Database,
  db: Database,
  { events, eventDays }: Omit<Asked, 'kept'>,
): Promise<number> {
  await registerApps(db);
  const before = await databaseBytes(owner);
  const startMs = performance.now();
  const onProgress = (part: number) => {
    const seconds = Math.round((performance.now() - startMs) / 1000);
    console.error(`${inWords(events)} events: ${Math.round(100 * part)} % after ${seconds} s`);
  };
  await fillTelemetry(owner, events, { days: DAYS, eventDays, onProgress });
  return (await databaseBytes(owner)) - before;
}

async function registerApps(db: Database): Promise<void> {
  for (const id of ['bench-one', 'bench-two']) {
    await registerApp(
      { db, actor: BENCH_ACTOR, clock: systemClock },
      {
        id,
        name: id,
        environment: 'production',
        appleTeamId: null,
        appleBundleIds: [],
        appleEnvironments: [],
        androidPackages: [`com.example.${id.replace('-', '')}`],
        androidSignerDigests: [randomBytes(32).toString('hex')],
        trustAnchors: [],
        versions: [],
        policyTemplate: 'balanced',
      },
    );
  }
}

async function databaseBytes({ sql }: Database): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    select pg_database_size(current_database())::float8 as bytes`;
  return row?.bytes ?? 0;
}

/** Stands at the newest event, so that what was filled on another day is asked as on that day. */
async function clockOfFilling({ sql }: Database): Promise<Clock> {
  const [row] = await sql<{ ms: number }[]>`
    select (extract(epoch from max(received_at)) * 1000)::float8 as ms from attestation_events
    where received_at > (select max(bucket) from attestation_rollup_minutes)`;
  if (!row?.ms) throw new Error('The database holds no events.');
  const nowMs = Math.ceil(row.ms);
  return { nowMs: () => nowMs };
}

async function askAll(db: Database, clock: Clock): Promise<Pick<Measured, 'p50' | 'p95'>> {
  const ctx: VerbContext = { db, actor: ANALYST, clock };
  const p50 = new Map<string, number>();
  const p95 = new Map<string, number>();
  for (const { name, ask } of questionsOf(process.argv)) {
    const random = randomOf(7);
    const times: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const start = performance.now();
      await ask(ctx, random);
      // The first one opens connections and fills caches.
      if (round > 0) times.push(performance.now() - start);
    }
    p50.set(name, quantile(times, 0.5));
    p95.set(name, quantile(times, 0.95));
  }
  return { p50, p95 };
}
