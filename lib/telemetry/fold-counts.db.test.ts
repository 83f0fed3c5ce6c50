import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import {
  createWriter,
  foldAbandonedCounts,
  foldCounts,
  foldDueCounts,
  recordAttestations,
  type WriterMemory,
} from './index';
import type { AttestationEvent } from './rows';
import { eventOf, pendingOf } from './testing/events';

const DAY_MS = 86_400_000;
const NOW = Date.now();

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

let appId = '';
beforeEach(() => {
  appId = `app-${randomUUID().slice(0, 8)}`;
});

const event = (changes: Partial<AttestationEvent> = {}) => {
  const id = randomUUID();
  return eventOf({ id, subjectId: id, reference: id.slice(0, 9), appId, receivedAtMs: NOW, ...changes });
};

/** Commits `batches` of so many events each. */
async function commit(writer: WriterMemory, batches: readonly number[], atMs = NOW): Promise<void> {
  for (const size of batches) {
    const events = Array.from({ length: size }, () => event({ receivedAtMs: atMs }));
    await recordAttestations(db.service, events.map(pendingOf), writer);
  }
}

/** Events that the rollups of the app count, and how many batches wait in the journal. */
async function state() {
  const sum = async (table: string, where = 'true') => {
    const rows = await db.owner.sql.unsafe<{ n: number }[]>(
      `select coalesce(sum(events), 0)::int as n from ${table} where app_id = '${appId}' and ${where}`,
    );
    return rows[0]?.n;
  };
  const [journal] = await db.owner.sql<{ n: number }[]>`
    select count(*)::int as n from rollup_journal where counts like ${`%${appId}%`}`;
  return {
    minutes: await sum('attestation_rollup_minutes'),
    hours: await sum('attestation_rollup_hours'),
    cells: await sum('cell_rollups', `signal = ''`),
    latencies: await sum('counter_rollup_minutes'),
    journal: journal?.n,
  };
}

const all = (n: number) => ({ minutes: n, hours: n, cells: n, latencies: n, journal: 0 });
const none = (journal: number) => ({ ...all(0), journal });
/** What live views read is folded, the rest is not. */
const half = (n: number, journal: number) => ({ ...none(journal), minutes: n, latencies: n });

/** The service may not write to a table for as long as `during` takes. */
async function refuse(table: string, during: () => Promise<void>): Promise<void> {
  await db.owner.sql.unsafe(`revoke insert on ${table} from countersign_service`);
  try {
    await during();
  } finally {
    await db.owner.sql.unsafe(`grant insert on ${table} to countersign_service`);
  }
}

describe('what batches count', () => {
  test('commits with them, and is folded into the rollups once', async () => {
    const writer = createWriter('fold');
    await commit(writer, [3, 70, 2]);
    expect(await state()).toEqual(none(3));
    expect(await foldCounts(db.service, writer)).toBe(3);
    expect(await state()).toEqual(all(75));
    expect(await foldCounts(db.service, writer)).toBe(0);
    await commit(writer, [5]);
    expect(await foldCounts(db.service, writer)).toBe(1);
    expect(await state()).toEqual(all(80));
  });

  test('is not noted where the batch does not commit', async () => {
    const writer = createWriter('fold');
    const bad = event({ id: 'no UUID' });
    await expect(recordAttestations(db.service, [pendingOf(bad)], writer)).rejects.toThrow();
    const many = [...Array.from({ length: 80 }, () => event()), bad];
    await expect(recordAttestations(db.service, many.map(pendingOf), writer)).rejects.toThrow();
    expect(await state()).toEqual(none(0));
    expect(await foldCounts(db.service, writer)).toBe(0);
  });

  test('is folded by others where its writer ended, and once by however many', async () => {
    for (const name of ['gone-1', 'gone-2', 'gone-1']) await commit(createWriter(name), [2, 1]);
    expect(await foldAbandonedCounts(db.service)).toBe(0);
    const folded = await Promise.all(Array.from({ length: 4 }, () => foldAbandonedCounts(db.service, 0)));
    expect(folded.reduce((sum, n) => sum + n, 0)).toBe(6);
    expect(await state()).toEqual(all(9));
    const writers = await db.owner.sql<{ writer: string; n: number }[]>`
      select writer, sum(events)::int as n from attestation_rollup_minutes where app_id = ${appId}
      group by 1 order by 1`;
    expect([...writers]).toEqual([
      { writer: 'gone-1', n: 6 },
      { writer: 'gone-2', n: 3 },
    ]);
  });

  test('is not counted twice where a slow writer was taken for gone', async () => {
    const slow = createWriter('slow');
    await commit(slow, [2]);
    expect(await foldAbandonedCounts(db.service, 0)).toBe(1);
    await commit(slow, [4]);
    expect(await foldCounts(db.service, slow)).toBe(0);
    expect(await state()).toEqual({ ...all(2), journal: 1 });
    expect(await foldAbandonedCounts(db.service, 0)).toBe(1);
    expect(await state()).toEqual(all(6));
  });

  test('is kept while the rollups cannot be written', async () => {
    const writer = createWriter('refused');
    await commit(writer, [3]);
    await refuse('counter_rollup_minutes', async () => {
      await expect(foldCounts(db.service, writer)).rejects.toThrow(/permission/);
      await expect(foldAbandonedCounts(db.service, 0)).rejects.toThrow(/permission/);
      expect(await state()).toEqual(none(1));
    });
    expect(await foldAbandonedCounts(db.service, 0)).toBe(1);
    expect(await state()).toEqual(all(3));
  });

  test('is folded in two steps, what live views read first', async () => {
    const writer = createWriter('steps');
    await commit(writer, [2, 1]);
    expect(await foldDueCounts(db.service, writer)).toBe(true);
    expect(await state()).toEqual(half(3, 2));
    await commit(writer, [4]);
    expect(await foldDueCounts(db.service, writer)).toBe(true);
    expect(await state()).toEqual(half(7, 3));
    expect(await foldDueCounts(db.service, writer)).toBe(false);
    expect(writer.unfolded.hasRest).toBe(true);
    expect(await foldCounts(db.service, writer)).toBe(3);
    expect(await state()).toEqual(all(7));
    expect(writer.unfolded.hasRest).toBe(false);
  });

  test('is completed by others where its writer ended between the steps, and once by however many', async () => {
    const gone = createWriter('half-gone');
    await commit(gone, [2, 3]);
    await foldDueCounts(db.service, gone);
    await commit(gone, [1]);
    const folded = await Promise.all(Array.from({ length: 3 }, () => foldAbandonedCounts(db.service, 0)));
    expect(folded.reduce((sum, n) => sum + n, 0)).toBe(3);
    expect(await state()).toEqual(all(6));
  });

  test('is not counted twice where a slow writer was taken for gone between the steps', async () => {
    const slow = createWriter('half-slow');
    await commit(slow, [2]);
    await foldDueCounts(db.service, slow);
    expect(await foldAbandonedCounts(db.service, 0)).toBe(1);
    await commit(slow, [5]);
    await foldDueCounts(db.service, slow);
    expect(await foldCounts(db.service, slow)).toBe(0);
    expect(await state()).toEqual({ ...half(7, 1), hours: 2, cells: 2 });
    expect(await foldAbandonedCounts(db.service, 0)).toBe(1);
    expect(await state()).toEqual(all(7));
  });

  test('is kept where only the second step fails', async () => {
    const writer = createWriter('half-refused');
    await commit(writer, [3]);
    await refuse('cell_rollups', async () => {
      await expect(foldCounts(db.service, writer)).rejects.toThrow(/permission/);
      await expect(foldAbandonedCounts(db.service, 0)).rejects.toThrow(/permission/);
      expect(await state()).toEqual(half(3, 1));
    });
    expect(await foldAbandonedCounts(db.service, 0)).toBe(1);
    expect(await state()).toEqual(all(3));
  });

  test('of a day without partitions makes them', async () => {
    const longAgo = NOW - 100 * DAY_MS;
    const writer = createWriter('late');
    await commit(writer, [1], longAgo);
    const day = new Date(longAgo).toISOString().slice(0, 10).replaceAll('-', '');
    await db.owner.sql.unsafe(`drop table attestation_rollup_minutes_${day}`);
    await commit(createWriter('gone'), [1], longAgo);
    expect(await foldCounts(db.service, writer)).toBe(1);
    await db.owner.sql.unsafe(`drop table cell_rollups_${day}`);
    expect(await foldAbandonedCounts(db.service, 0)).toBe(1);
    expect(await state()).toMatchObject({ minutes: 2, hours: 2, cells: 1, latencies: 2, journal: 0 });
  });
});
