import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp, seedEvent } from '@/drizzle/testing/seed';
import { summarise } from '@/drizzle/testing/summarise';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import {
  facetCountsSchema,
  overviewSchema,
  type TelemetryFilter,
  telemetryFilterSchema,
} from '@/lib/contracts';
import { fixedClock } from '@/lib/core';
import { listFacets, readOverview } from '@/lib/telemetry/queries';

const HOUR = 3_600_000;
const NOW_MS = Date.now();
let db: TestDatabase;
const ctx = () => ({ db: db.console, actor: actorWith('analyst'), clock: fixedClock(NOW_MS) });
const filter = (input: Record<string, unknown>): TelemetryFilter =>
  telemetryFilterSchema.parse({ range: '7d', ...input });

const COUNTRIES = ['DE', 'FR', 'NL', null, 'AT', 'AT', 'AT'];
/** What the seeded attestations have in common with none, or some, of the others. */
const EVENTS = Array.from({ length: 96 }, (_, index) => {
  const verdict = (['trusted', 'rejected', 'flagged'] as const)[index % 3] ?? 'trusted';
  return {
    appId: index % 5 === 0 ? 'fleet' : 'bank',
    atMs: NOW_MS - index * HOUR,
    verdict,
    threat: verdict === 'trusted' ? null : (['hooks', 'debugger', 'emulator'][index % 4] ?? 'vpn'),
    country: COUNTRIES[index % COUNTRIES.length] ?? null,
    appVersion: `5.${index % 4}.0`,
    network: ['access', 'hosting', 'private'][index % 11] ?? 'unknown',
  };
});
type SeededEvent = (typeof EVENTS)[number];

const VALUE = {
  app: ({ appId }: SeededEvent) => appId,
  verdict: ({ verdict }: SeededEvent) => verdict,
  threat: ({ threat }: SeededEvent) => threat ?? '',
  appVersion: ({ appVersion }: SeededEvent) => appVersion,
  country: ({ country }: SeededEvent) => country ?? '',
  network: ({ network }: SeededEvent) => network,
} as const;
type Counted = keyof typeof VALUE;
const COUNTED = Object.keys(VALUE) as Counted[];

/** The attestations that a filter lets through but for what it demands of some facets. */
function without(asked: TelemetryFilter, ...left: Counted[]): SeededEvent[] {
  const demanded = COUNTED.filter((facet) => !left.includes(facet) && asked[facet].length > 0);
  return EVENTS.filter((event) => demanded.every((facet) => asked[facet].includes(VALUE[facet](event))));
}

function countBy(events: readonly SeededEvent[], of: (event: SeededEvent) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) counts.set(of(event), (counts.get(of(event)) ?? 0) + 1);
  return counts;
}

const rejectedOf = (events: readonly SeededEvent[]) => events.filter(({ verdict }) => verdict === 'rejected');

beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
  await seedApp(db.owner, 'fleet');
  for (const event of EVENTS) await seedEvent(db.owner, event);
});
afterAll(() => db.close());

const FILTERS = [
  { country: ['DE'] },
  { country: ['DE', ''] },
  { network: ['hosting'] },
  { threat: ['hooks'] },
  { appVersion: ['5.1.0'] },
  { verdict: ['rejected'] },
  { country: ['FR'], network: ['unknown'] },
  { threat: ['debugger'], appVersion: ['5.1.0', '5.3.0'] },
  { app: ['bank'], country: ['NL'], verdict: ['flagged', 'rejected'] },
  { threat: ['emulator'], appVersion: ['5.2.0'], country: ['AT'], network: ['unknown'] },
  { country: ['XX'] },
];

describe.each(['the rollups', 'what is summed'])('from %s', (source) => {
  beforeAll(async () => {
    if (source === 'the rollups') return;
    await summarise(db);
  });

  test.each(FILTERS)('the overview keeps in sight what might be chosen besides %j', async (input) => {
    const asked = filter(input);
    const overview = overviewSchema.parse(await readOverview(ctx(), asked));
    const passed = without(asked);
    const origins = (events: readonly SeededEvent[], of: (event: SeededEvent) => string) => {
      const rejected = countBy(rejectedOf(events), of);
      return [...countBy(events, of)]
        .map(([value, count]) => [value, count, rejected.get(value) ?? 0])
        .sort();
    };
    expect(overview.countries.map((row) => [row.country, row.events, row.rejected]).sort()).toEqual(
      origins(without(asked, 'country'), VALUE.country),
    );
    expect(overview.networks.map((row) => [row.network, row.events, row.rejected]).sort()).toEqual(
      origins(without(asked, 'network'), VALUE.network),
    );
    const threats = countBy(without(asked, 'threat'), VALUE.threat);
    threats.delete('');
    expect(new Map(overview.topThreats.map(({ threat, events }) => [threat, events]))).toEqual(threats);

    const { rows, threats: columns } = overview.versionThreat;
    const cells = without(asked, 'threat', 'appVersion');
    expect(new Map(rows.map((row) => [row.appVersion, row.attestations]))).toEqual(
      countBy(cells, VALUE.appVersion),
    );
    for (const row of rows) {
      const ofVersion = cells.filter(({ appVersion }) => appVersion === row.appVersion);
      for (const [index, threat] of columns.entries()) {
        const share = ofVersion.filter((event) => VALUE.threat(event) === threat).length / ofVersion.length;
        expect(row.shares[index]).toBeCloseTo(share);
      }
    }
    // The figures and the course over time are of what every filter lets through.
    const all = passed.length;
    expect(overview.passRate.now).toBe(all === 0 ? null : (all - rejectedOf(passed).length) / all);
    const drawn = overview.series.points.flatMap((point) => Object.values(point.counts ?? {}));
    expect(drawn.reduce((sum, count) => sum + count, 0)).toBe(all);
  });

  test.each(FILTERS)('facets are counted under the filters of the others: %j', async (input) => {
    const asked = filter(input);
    const { facets } = facetCountsSchema.parse(await listFacets(ctx(), asked));
    for (const facet of COUNTED) {
      const counts = new Map(facets[facet].map(({ value, events }) => [value, events]));
      expect([facet, counts]).toEqual([facet, countBy(without(asked, facet), VALUE[facet])]);
    }
  });
});
