import type { VerbContext } from '@/lib/auth';
import {
  type AttestationQuery,
  attestationQuerySchema,
  comparisonQuerySchema,
  FACETS,
  type Facet,
  type TelemetryFilter,
  telemetryFilterSchema,
} from '@/lib/contracts';
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

/** One question of the console, and the time within which 95 of 100 must be answered. */
export interface Question {
  readonly name: string;
  readonly barMs: number;
  readonly ask: (ctx: VerbContext, random: () => number) => Promise<unknown>;
}

const filter = (input: Record<string, unknown>): TelemetryFilter => telemetryFilterSchema.parse(input);
const query = (input: Record<string, unknown>): AttestationQuery => attestationQuerySchema.parse(input);

const OVERVIEW_MS = 50;
const FACETS_MS = 1_000;
export const QUESTIONS: readonly Question[] = [
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

/** The same facets in every run (a linear congruential generator). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
