import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { Actor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import {
  DEVICE_FACETS,
  type DeviceFacet,
  deviceFacetsQuerySchema,
  deviceFacetsSchema,
  devicePageSchema,
  deviceQuerySchema,
} from '@/lib/contracts';
import { systemClock } from '@/lib/core';
import { countDevices, listDevices } from '@/lib/devices';

const DEVICES = 3_000;
/** Under these limits the table of this test is a large one. */
const LARGE = { wholePages: 0, sampledPages: 40, lookedAt: 200, fewBlocked: 50 };
let db: TestDatabase;
const as = (actor: Actor) => ({ db: db.console, actor, clock: systemClock });
const analyst = actorWith('analyst');

interface Seeded extends Record<DeviceFacet, string> {
  id: string;
  model: string;
}
/** What is in the table, last seen first. */
let all: Seeded[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  for (const app of ['bank', 'fleet', 'tiny']) await seedApp(db.owner, app);
  const { sql } = db.owner;
  await sql`
    insert into device_instances (id, app_id, platform, format, public_key, key_id, counter, claims, verdict, vector, app_version,
      os_version, model, country, evidence_at, first_seen_at, last_seen_at, listed_at)
    select overlay(overlay(md5('device ' || n) placing '7' from 13) placing '8' from 17)::uuid, case when n % 500 = 250 then 'tiny' when n % 3 = 0 then 'fleet' else 'bank' end,
      case when n % 2 = 0 then 'ios' else 'android' end, 'dev', '\x01'::bytea, decode(md5(n::text), 'hex'), 0, '{}'::jsonb,
      (array['trusted', 'trusted', 'trusted', 'flagged', 'rejected'])[1 + n % 5], '0 0 0 0 0 0 0 0', '5.' || n % 7 || '.0',
      (14 + n % 4)::text, case when n = ${DEVICES - 10}::int then 'Needle' else 'Phone ' || n % 11 end,
      case when n % 1000 = 999 then 'TV' when n % 13 = 0 then null else (array['DE', 'FR', 'NL'])[1 + n % 3] end,
      at, at, at, date_bin('5 minutes', at, 'epoch')
    from generate_series(1, ${DEVICES}::int) n,
      lateral (select now() - (n * 7919 % ${DEVICES}::int) * interval '1 minute' as at) seen`;
  await sql`
    insert into blocks (id, scope, app_id, target, reason, created_by, created_by_name, created_at, seq)
    select gen_random_uuid(), 'instance', app_id, id::text, 'a test', 'x', 'x', now(), 1
    from device_instances where id in (select overlay(overlay(md5('device ' || n) placing '7' from 13) placing '8' from 17)::uuid from generate_series(100, ${DEVICES}::int, 400) n)`;
  await sql.unsafe('analyze device_instances');
  all = [
    ...(await sql<Seeded[]>`
      select id, model, app_id as app, verdict, platform, coalesce(country, '') as country, os_version as "osVersion",
        app_version as "appVersion",
        (exists (select from blocks where target = device_instances.id::text))::text as blocked
      from device_instances order by listed_at desc, id`),
  ];
});
afterAll(() => db.close());

type Asked = Partial<Record<DeviceFacet, string[]>>;
const query = ({ blocked, ...asked }: Asked, more: Record<string, unknown> = {}) => ({
  ...asked,
  ...(blocked === undefined ? {} : { blocked: blocked[0] }),
  ...more,
});

function matching(devices: readonly Seeded[], asked: Asked, except?: DeviceFacet): Seeded[] {
  return devices.filter((device) =>
    DEVICE_FACETS.every((facet) => facet === except || (asked[facet]?.includes(device[facet]) ?? true)),
  );
}

async function count(asked: Asked, limits?: typeof LARGE, actor: Actor = analyst, q = '') {
  const input = deviceFacetsQuerySchema.parse(query(asked, { q }));
  return deviceFacetsSchema.parse(await countDevices(as(actor), input, limits));
}

async function list(
  asked: Asked,
  more: Record<string, unknown>,
  limits?: typeof LARGE,
  actor: Actor = analyst,
) {
  const input = deviceQuerySchema.parse(query(asked, more));
  return devicePageSchema.parse(await listDevices(as(actor), input, limits));
}

/** Everything that is listed without asking to look further. */
async function listAll(asked: Asked, more: Record<string, unknown> = {}, limits?: typeof LARGE) {
  const ids: string[] = [];
  let page = await list(asked, { limit: 50, ...more }, limits);
  for (;;) {
    ids.push(...page.rows.map(({ id }) => id));
    if (page.nextCursor === null) return { ids, further: page.further };
    page = await list(asked, { limit: 50, ...more, cursor: page.nextCursor }, limits);
  }
}

function byValue(devices: readonly Seeded[], facet: DeviceFacet): [string, number][] {
  const counts = new Map<string, number>();
  for (const device of devices) counts.set(device[facet], (counts.get(device[facet]) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

const ASKED: Asked[] = [
  {},
  { country: ['TV'] },
  { country: ['', 'DE'], platform: ['ios'] },
  { osVersion: ['15'], appVersion: ['5.3.0', '5.4.0'] },
  { app: ['fleet'], verdict: ['rejected'], blocked: ['false'] },
  { blocked: ['true'] },
  { country: ['XX'] },
];

describe('all devices of a table that is read as a whole', () => {
  test.each(ASKED)('are counted under the other facets: %j', async (asked) => {
    const { facets, counted } = await count(asked);
    expect(counted).toEqual({ of: 'all' });
    for (const facet of DEVICE_FACETS) {
      const counts = facets[facet].map(({ value, devices }) => [value, devices]);
      expect([facet, counts]).toEqual([facet, byValue(matching(all, asked, facet), facet)]);
    }
  });

  test.each(ASKED)('are listed, each once: %j', async (asked) => {
    expect(await listAll(asked)).toEqual({ ids: matching(all, asked).map(({ id }) => id), further: null });
  });
});

describe('the devices of a large table', () => {
  test.each(ASKED)(
    'are looked through from those seen last on, and further where that is asked: %j',
    async (asked) => {
      const found: string[] = [];
      let cursor: string | undefined;
      let looks = 0;
      for (;;) {
        const page = await list(asked, { limit: 50, cursor }, LARGE);
        found.push(...page.rows.map(({ id }) => id));
        expect(page.nextCursor === null || page.further === null).toBe(true);
        cursor = page.nextCursor ?? page.further ?? undefined;
        if (cursor === undefined) break;
        looks += 1;
      }
      expect(found).toEqual(matching(all, asked).map(({ id }) => id));
      expect(looks).toBeLessThanOrEqual(DEVICES / LARGE.lookedAt + DEVICES / 50);
    },
  );

  test('that no index tells are looked for among a bounded number of them', async () => {
    const asked = { country: ['TV'] };
    const { ids, further } = await listAll(asked, {}, LARGE);
    expect(ids).toEqual(matching(all.slice(0, LARGE.lookedAt), asked).map(({ id }) => id));
    expect(further).not.toBeNull();
    const several = await listAll({ ...asked, app: ['bank', 'fleet', 'tiny'] }, {}, LARGE);
    expect(several).toEqual({ ids, further });
  });

  test('are found by id wherever they are, and by model among those seen last', async () => {
    const last = all.at(-1);
    expect((await listAll({}, { q: last?.id }, LARGE)).ids).toEqual([last?.id]);
    const { ids } = await listAll({}, { q: last?.id.slice(0, 8) }, LARGE);
    expect(ids).toEqual([last?.id]);
    const needle = all.find(({ model }) => model === 'Needle');
    const seen = all.slice(0, LARGE.lookedAt).some(({ model }) => model === 'Needle');
    expect((await listAll({}, { q: 'needle' }, LARGE)).ids).toEqual(seen ? [needle?.id] : []);
  });

  test('are listed as blocked by their blocks, whenever they were seen, and as the others are where many are', async () => {
    const blocked = matching(all, { blocked: ['true'] }).map(({ id }) => id);
    expect(blocked.length).toBeGreaterThan(5);
    expect(await listAll({ blocked: ['true'] }, {}, LARGE)).toEqual({ ids: blocked, further: null });
    const many = await listAll({ blocked: ['true'] }, {}, { ...LARGE, fewBlocked: 2 });
    expect(many.further).not.toBeNull();
    expect(many.ids.length).toBeLessThan(blocked.length);
  });

  test('are counted by a sample, which is said, and blocked ones by their blocks', async () => {
    const { facets, counted } = await count({}, LARGE);
    if (counted.of !== 'sample') throw new Error(`Counted are ${counted.of}.`);
    expect(counted.oneIn).toBeGreaterThan(1.5);
    for (const facet of ['app', 'verdict', 'platform', 'osVersion'] as const) {
      for (const [value, devices] of byValue(all, facet)) {
        if (devices < 300) continue;
        const estimate = facets[facet].find((one) => one.value === value)?.devices ?? 0;
        expect(estimate).toBeGreaterThan(0.5 * devices);
        expect(estimate).toBeLessThan(1.6 * devices);
        expect(String(estimate)).toMatch(/^\d{1,2}0*$/);
      }
    }
    const blocked = matching(all, { blocked: ['true'] });
    expect(facets.blocked).toContainEqual({ value: 'true', devices: blocked.length });
    const ofBlocked = await count({ blocked: ['true'] }, LARGE);
    expect(ofBlocked.facets.country.map(({ value, devices }) => [value, devices])).toEqual(
      byValue(blocked, 'country'),
    );
    expect(await count({}, LARGE)).toEqual({ facets, counted });
  });

  test('are those seen last where a search or few apps would leave nothing of a sample', async () => {
    const recent = all.slice(0, LARGE.lookedAt);
    const searched = await count({}, LARGE, analyst, 'phone 3');
    expect(searched.counted).toEqual({ of: 'last', devices: LARGE.lookedAt });
    const isPhone3 = ({ model }: Seeded) => model === 'Phone 3';
    const ofPhone3 = all.filter(
      (device) => isPhone3(device) && (recent.includes(device) || device.blocked === 'true'),
    );
    expect(searched.facets.platform.map(({ value, devices }) => [value, devices])).toEqual(
      byValue(ofPhone3, 'platform'),
    );
    const tiny = await count({}, LARGE, actorWith('analyst', 'tiny'));
    expect(tiny.counted).toEqual({ of: 'all' });
    const ofTiny = all.filter(({ app }) => app === 'tiny');
    expect(tiny.facets.app).toEqual([{ value: 'tiny', devices: ofTiny.length }]);
    const fleet = await count({}, LARGE, actorWith('analyst', 'fleet'));
    expect(fleet.counted).toEqual({ of: 'last', devices: LARGE.lookedAt });
  });
});

test('a value that is wanted is counted however rare it is', async () => {
  await db.owner.sql`
    insert into device_instances (id, app_id, platform, format, public_key, key_id, counter, claims, verdict, vector, app_version,
      os_version, model, evidence_at, first_seen_at, last_seen_at)
    select gen_random_uuid(), 'tiny', 'ios', 'dev', '\x01'::bytea, decode(md5('v' || n), 'hex'), 0, '{}'::jsonb, 'trusted',
      '0 0 0 0 0 0 0 0', '9.' || lpad((n / 2)::text, 3, '0'), '16', 'Phone', now(), now(), now()
    from generate_series(0, 600) n`;
  const rare = '9.300';
  const { facets } = await count({ appVersion: [rare] });
  expect(facets.appVersion).toContainEqual({ value: rare, devices: 1 });
  expect(facets.appVersion.length).toBe(251);
  expect((await count({})).facets.appVersion).not.toContainEqual({ value: rare, devices: 1 });
});
