import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { registerApp } from '@/lib/apps';
import type { Actor, VerbContext } from '@/lib/auth';
import {
  type AttestationQuery,
  attestationQuerySchema,
  comparisonQuerySchema,
  FACETS,
  type Facet,
  type TelemetryFilter,
  telemetryFilterSchema,
} from '@/lib/contracts';
import { newId, type SessionId, type StaffId, systemClock } from '@/lib/core';
import {
  CONSOLE_ROLE,
  type Database,
  migrateDatabase,
  openDatabase,
  setRolePasswords,
  urlForRole,
} from '@/lib/db';
import { startEmbeddedPostgres } from '@/lib/db/embedded';
import {
  listAttestations,
  listFacets,
  readComparison,
  readFunnel,
  readHistogram,
  readLatency,
  readOverview,
  readWhatChanged,
} from '@/lib/telemetry/queries';
import { type BenchContext, type BenchRow, printReport, quantile } from './support/report';
import { BENCH_ACTOR } from './support/stack';
import { fillTelemetry } from './support/telemetry-fill';

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

/** One question of the console, and the time within which 95 of 100 must be answered. */
interface Question {
  readonly name: string;
  readonly barMs: number;
  readonly ask: (ctx: VerbContext, random: () => number) => Promise<unknown>;
}

const filter = (input: Record<string, unknown>): TelemetryFilter => telemetryFilterSchema.parse(input);
const query = (input: Record<string, unknown>): AttestationQuery => attestationQuerySchema.parse(input);

const OVERVIEW_MS = 50;
const FACETS_MS = 1_000;
const QUESTIONS: readonly Question[] = [
  ...(['1h', '24h', '7d', '30d'] as const).map((range) => ({
    name: `overview ${range}`,
    barMs: OVERVIEW_MS,
    ask: (ctx: VerbContext) => readOverview(ctx, filter({ range })),
  })),
  { name: 'histogram 30d', barMs: OVERVIEW_MS, ask: (ctx) => readHistogram(ctx, filter({ range: '30d' })) },
  { name: 'funnel 24h', barMs: OVERVIEW_MS, ask: (ctx) => readFunnel(ctx, filter({ range: '24h' })) },
  { name: 'latency 24h', barMs: OVERVIEW_MS, ask: (ctx) => readLatency(ctx, filter({ range: '24h' })) },
  { name: 'latency 7d', barMs: OVERVIEW_MS, ask: (ctx) => readLatency(ctx, filter({ range: '7d' })) },
  {
    name: 'compare 7d',
    barMs: OVERVIEW_MS,
    ask: (ctx) => readComparison(ctx, comparisonQuerySchema.parse({ range: '7d' })),
  },
  { name: 'what changed', barMs: 300, ask: (ctx) => readWhatChanged(ctx, filter({ range: '24h' })) },
  { name: 'facet counts 30d', barMs: FACETS_MS, ask: (ctx) => listFacets(ctx, filter({ range: '30d' })) },
  {
    name: 'overview 30d, random facets',
    barMs: FACETS_MS,
    ask: (ctx, random) => readOverview(ctx, filter({ range: '30d', ...facets(random) })),
  },
  {
    name: 'histogram 30d, random facets',
    barMs: FACETS_MS,
    ask: (ctx, random) => readHistogram(ctx, filter({ range: '30d', ...facets(random) })),
  },
  { name: 'list 30d', barMs: OVERVIEW_MS, ask: (ctx) => listAttestations(ctx, query({ range: '30d' })) },
  {
    name: 'list 30d, random facets',
    barMs: FACETS_MS,
    ask: (ctx, random) => listAttestations(ctx, query({ range: '30d', ...facets(random) })),
  },
  {
    name: 'list 30d, nothing found',
    barMs: FACETS_MS,
    ask: (ctx) => listAttestations(ctx, query({ range: '30d', platform: ['ios'], osVersion: ['14'] })),
  },
];

const VALUES: Readonly<Partial<Record<Facet, readonly string[]>>> = {
  app: ['bench-one', 'bench-two'],
  verdict: ['trusted', 'flagged', 'restricted', 'rejected'],
  threat: ['', 'hooks', 'root', 'vpn', 'repackaged'],
  platform: ['ios', 'android'],
  osVersion: ['26.0', '26.2', '26.4', '10', '14'],
  appVersion: ['5.0.0', '5.2.0', '5.4.0'],
  country: ['DE', 'PL', 'IN', 'AU'],
  network: ['access', 'hosting', 'anonymiser'],
  policyVersion: ['1', '2'],
};

/** One to four facets, each with one value. */
function facets(random: () => number): Record<string, string[]> {
  const chosen = [...FACETS].sort(() => random() - 0.5).slice(0, 1 + Math.floor(4 * random()));
  return Object.fromEntries(
    chosen.flatMap((facet) => {
      const values = VALUES[facet] ?? [];
      const value = values[Math.floor(random() * values.length)];
      return value === undefined ? [] : [[facet, [value]]];
    }),
  );
}

/** What one size of database took: the 95th percentile of each question in milliseconds, and its bytes per event. */
interface Measured {
  readonly events: number;
  readonly p50: ReadonlyMap<string, number>;
  readonly p95: ReadonlyMap<string, number>;
  readonly bytesPerEvent: number;
}

/**
 * Every question of the console over 30 days at two sizes (`--events=200000,2000000`): the larger one's times stand beside
 * the smaller one's, which shows what grows with events and what does not.
 */
export default async function bench(context: BenchContext): Promise<void> {
  const sizes = sizesOf(process.argv);
  const eventDays = eventDaysOf(process.argv);
  const measured: Measured[] = [];
  for (const events of sizes) measured.push(await measure(context.root, events, eventDays));
  const first = measured[0];
  const rows = measured.flatMap((one): BenchRow[] => [
    ...QUESTIONS.map(({ name, barMs }) => ({
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

function sizesOf(argv: readonly string[]): number[] {
  const given = argv.find((option) => option.startsWith('--events='))?.slice('--events='.length);
  const sizes = given === undefined ? SIZES : given.split(',').map(Number);
  if (sizes.some((size) => !(size >= 1_000))) throw new Error('--events takes numbers of at least 1000');
  return sizes;
}

/** Days for which events are kept beside their counts: a busy deployment keeps them for a week or less. */
function eventDaysOf(argv: readonly string[]): number {
  const given = argv.find((option) => option.startsWith('--event-days='))?.slice('--event-days='.length);
  const days = given === undefined ? DAYS : Number(given);
  if (!(days >= 1 && days <= DAYS)) throw new Error(`--event-days takes a number from 1 to ${DAYS}`);
  return days;
}

const inWords = (events: number) => (events >= 1e6 ? `${events / 1e6} M` : `${Math.round(events / 1e3)} k`);
const medians = ({ p50 }: Measured) => [...p50].map(([name, ms]) => `${name} ${ms.toFixed(1)}`).join(', ');

async function measure(root: string, events: number, eventDays: number): Promise<Measured> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-bench-'));
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({ directory: path.join(folder, 'postgres'), root });
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
    const db = openDatabase({ url, applicationName: 'bench-console', max: 12 });
    try {
      await registerApps(db);
      const before = await databaseBytes(owner);
      await fillTelemetry(owner, events, { days: DAYS, eventDays });
      const bytesPerEvent = ((await databaseBytes(owner)) - before) / events;
      return { events, ...(await askAll(db)), bytesPerEvent };
    } finally {
      await Promise.all([owner.close(), db.close()]);
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
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

async function askAll(db: Database): Promise<Pick<Measured, 'p50' | 'p95'>> {
  const ctx: VerbContext = { db, actor: ANALYST, clock: systemClock };
  const p50 = new Map<string, number>();
  const p95 = new Map<string, number>();
  for (const { name, ask } of QUESTIONS) {
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

/** The same facets in every run (a linear congruential generator). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
