import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seedApp, seedInstance } from '@/drizzle/testing/seed';
import { summarise } from '@/drizzle/testing/summarise';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import {
  attestationQuerySchema,
  overviewSchema,
  telemetryFilterSchema,
  whatChangedSchema,
} from '@/lib/contracts';
import { silentLogger, systemClock } from '@/lib/core';
import { eraseDevice } from '@/lib/devices';
import { createWriter, foldCounts, recordAttestations } from '@/lib/telemetry';
import { listAttestations, listFacets, readOverview, readWhatChanged } from '@/lib/telemetry/queries';
import { eventOf, pendingOf } from '@/lib/telemetry/testing/events';
import { JOBS, runJob } from './index';

const DAY_MS = 86_400_000;
const DEVICES = 12;
const NONE = 'This server has no Citus.';

let db: TestDatabase;
let isCluster = false;
let devices: string[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
  isCluster = (await db.owner.sql`select from pg_extension where extname = 'citus'`).length > 0;
  if (!isCluster) {
    process.stderr.write(`Skipped: what is spread over a cluster. ${NONE}\n`);
    return;
  }
  await seedApp(db.owner, 'bank');
  await seedApp(db.owner, 'fleet');
  devices = await Promise.all(Array.from({ length: DEVICES }, () => seedInstance(db.owner, 'bank')));
  await attest(Date.now() - 10 * 60_000);
  await attest(Date.now() - 33 * DAY_MS);
});
beforeEach((context) => {
  if (!isCluster) context.skip(NONE);
});
afterAll(() => db.close());

/** Every device attests once, a third of them in vain, and once of another app that names no device. */
async function attest(receivedAtMs: number): Promise<void> {
  const events = devices.map((subjectId, index) => {
    const verdict = index % 3 === 0 ? ('rejected' as const) : ('trusted' as const);
    const decidingThreat = index % 3 === 0 ? 'hooks' : null;
    const about = { subjectId, instanceId: subjectId, appId: 'bank', receivedAtMs, verdict, decidingThreat };
    return eventOf({ ...about, id: randomUUID(), reference: randomUUID().slice(0, 9) });
  });
  const other = randomUUID();
  events.push(eventOf({ id: other, subjectId: other, appId: 'fleet', receivedAtMs }));
  const memory = createWriter('node');
  await recordAttestations(db.service, events.map(pendingOf), memory);
  await foldCounts(db.service, memory);
}

const as = () => ({ db: db.console, actor: actorWith('admin'), clock: systemClock });
const filter = (input: Record<string, unknown>) => telemetryFilterSchema.parse(input);
const explained = async (statement: string) => {
  const rows = await db.console.sql.unsafe<{ 'QUERY PLAN': string }[]>(`explain ${statement}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
};

describe('in a Citus cluster', () => {
  test('single acts are spread by their device, and each kind of counts lies whole on one node', async () => {
    const rows = await db.owner.sql<{ name: string; method: string; shards: number }[]>`
      select p.logicalrelid::text as name, p.partmethod as method, count(s.shardid)::int as shards
      from pg_dist_partition p join pg_dist_shard s using (logicalrelid)
      where p.logicalrelid::text !~ '_[0-9]{8}$' group by 1, 2`;
    const named = (method: string) => rows.filter((row) => row.method === method).map(({ name }) => name);
    expect(named('h').sort()).toEqual(['archived_evidence', 'attestation_events', 'request_events']);
    expect(named('n')).toEqual(expect.arrayContaining(['cell_rollups', 'attestation_rollup_minutes']));
    for (const { name, method, shards } of rows) expect([name, shards > 1]).toEqual([name, method === 'h']);
  });

  test('a device’s history is asked of one shard, and a page of all attestations of every one', async () => {
    expect(await explained(`select * from attestation_events where subject_id = '${devices[0]}'`)).toContain(
      'Task Count: 1\n',
    );
    expect(
      await explained('select id from attestation_events order by received_at desc limit 50'),
    ).not.toContain('Task Count: 1\n');
    const used = await db.owner.sql`
      select distinct get_shard_id_for_distribution_column('attestation_events', subject_id) from attestation_events`;
    expect(used.length).toBeGreaterThan(1);
  });

  test('counts of several apps are asked of one node at once', async () => {
    const plan = await explained(`
      select app_id, verdict, sum(events) from attestation_rollup_minutes
      group by grouping sets ((app_id, verdict), (verdict), ())`);
    expect(plan).toContain('Task Count: 1\n');
  });

  test('attestations are told, summed, found, erased and forgotten', async () => {
    await summarise(db);
    for (const job of JOBS) await runJob(db.service, job, silentLogger);
    const overview = overviewSchema.parse(await readOverview(as(), filter({ range: '1h' })));
    const { rows } = await listAttestations(
      as(),
      attestationQuerySchema.parse({ range: '1h', verdict: ['rejected'] }),
    );
    const { facets } = await listFacets(as(), filter({ range: '24h', app: ['bank'], verdict: ['rejected'] }));
    expect(rows).toHaveLength(DEVICES / 3);
    expect(overview).toMatchObject({
      devicesRejected: { now: DEVICES / 3 },
      countries: [{ country: '', events: DEVICES + 1, rejected: DEVICES / 3 }],
    });
    expect(facets.threat).toEqual([{ value: 'hooks', events: DEVICES / 3 }]);
    expect(facets.verdict).toEqual([
      { value: 'trusted', events: (DEVICES * 2) / 3 },
      { value: 'rejected', events: DEVICES / 3 },
    ]);
    expect(whatChangedSchema.parse(await readWhatChanged(as(), filter({ range: '1h' }))).findings).toEqual(
      [],
    );
    const id = devices[0] ?? '';
    await eraseDevice(as(), { id, reason: 'its owner asked for it' });
    const left = await db.owner.sql`
      select (select count(*)::int from attestation_events where subject_id = ${id}) as events,
        (select count(*)::int from device_days where instance_id = ${id}) as days,
        (select count(*)::int from device_rejections where instance_id = ${id}) as rejections,
        (select count(*)::int from attestation_events where received_at < now() - interval '31 days') as old`;
    expect(left).toEqual([{ events: 0, days: 0, rejections: 0, old: 0 }]);
  });
});
