import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seedApp, seedEvent } from '@/drizzle/testing/seed';
import { summarise } from '@/drizzle/testing/summarise';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { TEMPLATES } from '@/lib/appraisal';
import { previewRetention, readRetention, setRetention } from '@/lib/apps';
import type { Actor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import { readFeedPosition } from '@/lib/changes';
import { type RetentionChange, retentionEffectSchema, retentionSchema } from '@/lib/contracts';
import { systemClock } from '@/lib/core';
import { publishPolicy } from '@/lib/policies';

const DAY_MS = 86_400_000;
const DEFAULTS = { eventDays: 30, minuteDays: 7, hourDays: 400, addressDays: 30 };
const REASON = 'the privacy office asked for it';

let db: TestDatabase;
let counter = 0;
let id = '';
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  counter += 1;
  id = `app-${counter}`;
  await seedApp(db.owner, id);
});
afterAll(() => db.close());

const as = (actor: Actor) => ({ db: db.console, actor, clock: systemClock });
const admin = () => as(actorWith('admin'));
const dayBefore = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

function change(some: Partial<RetentionChange> = {}): RetentionChange & { id: string } {
  return { id, ...DEFAULTS, basedOn: 1, reason: REASON, ...some };
}

/** What the columns say, as scheduled work reads them. */
async function stored(): Promise<unknown> {
  const [row] = await db.owner.sql`
    select retain_event_days, retain_minute_days, retain_hour_days, retain_address_days, revision
    from apps where id = ${id}`;
  return Object.values(row ?? {});
}

const audited = () =>
  db.owner.sql`select * from audit_log where target_id = ${id} and action = 'app.set_retention' order by id`;

describe('reading the retention of an app', () => {
  test('tells of each field what it is, what it is by default, and what is allowed', async () => {
    const retention = retentionSchema.parse(await readRetention(as(actorWith('analyst')), { id }));
    expect(retention).toMatchObject({ id, revision: 1 });
    for (const [field, days] of Object.entries(DEFAULTS)) {
      const about = retention.fields[field as keyof typeof DEFAULTS];
      expect(about).toEqual({ days, defaultDays: days, shortestDays: 1, longestDays: 400 });
    }
  });

  test('is refused to who may not see the app, and for what is none', async () => {
    for (const actor of [actorWith(null), actorWith('admin', 'other')]) {
      await expect(readRetention(as(actor), { id })).rejects.toMatchObject({ code: 'permission_denied' });
    }
    await expect(readRetention(admin(), { id: 'nothing' })).rejects.toMatchObject({ code: 'app_not_found' });
  });
});

describe('setting the retention of an app', () => {
  test('refuses an actor without permission, also one who may write another app, and changes nothing', async () => {
    for (const actor of [
      actorWith('analyst'),
      actorWith('responder'),
      actorWith('auditor'),
      actorWith('admin', 'other'),
      actorWith(null),
    ]) {
      for (const verb of [setRetention, previewRetention]) {
        await expect(verb(as(actor), change({ eventDays: 14 }))).rejects.toMatchObject({
          code: 'permission_denied',
        });
      }
    }
    expect(await stored()).toEqual([30, 7, 400, 30, 1]);
    await expect(setRetention(as(actorWith('admin', id)), change({ eventDays: 14 }))).resolves.toBeDefined();
  });

  test('leaves one audit row with before and after, and nothing for the nodes to apply', async () => {
    const { seq } = await readFeedPosition(db.console.orm);
    const answer = retentionSchema.parse(
      await setRetention(admin(), change({ eventDays: 14, addressDays: 31 })),
    );
    expect(answer).toEqual(await readRetention(admin(), { id }));
    expect(answer.fields.eventDays.days).toBe(14);
    expect(await stored()).toEqual([14, 7, 400, 31, 2]);
    const rows = await audited();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      target_kind: 'app',
      app_id: id,
      actor_name: 'admin',
      reason: REASON,
      change_seq: null,
      detail: { before: { eventDays: 30, addressDays: 30 }, after: { eventDays: 14, addressDays: 31 } },
    });
    expect((await readFeedPosition(db.console.orm)).seq).toBe(seq);
  });

  test('leaves no trace where nothing changes', async () => {
    await expect(setRetention(admin(), change({ reason: null }))).resolves.toMatchObject({ revision: 1 });
    expect(await stored()).toEqual([30, 7, 400, 30, 1]);
    expect(await audited()).toHaveLength(0);
  });

  test('refuses what is out of bounds, by path and with the reason', async () => {
    for (const verb of [setRetention, previewRetention]) {
      await expect(verb(admin(), change({ eventDays: 0, minuteDays: 401 }))).rejects.toMatchObject({
        code: 'request_invalid',
        fields: {
          eventDays: 'must be at least 1: yesterday is always kept',
          minuteDays: 'must be at most 400: no page looks further back',
        },
      });
      await expect(verb(admin(), change({ hourDays: 20 }))).rejects.toMatchObject({
        fields: { hourDays: 'must be at least 30, as for single events, which lists find by them' },
      });
    }
    expect(await stored()).toEqual([30, 7, 400, 30, 1]);
    expect(await audited()).toHaveLength(0);
  });

  test('asks for a reason where something is kept for less long, and only there', async () => {
    await expect(setRetention(admin(), change({ minuteDays: 6, reason: null }))).rejects.toMatchObject({
      code: 'request_invalid',
      fields: { reason: expect.stringContaining('is needed') },
    });
    await expect(setRetention(admin(), change({ minuteDays: 8, reason: null }))).resolves.toBeDefined();
    expect(await audited()).toMatchObject([{ reason: null }]);
  });

  test('lets exactly one of 10 editors who saw the same win, and overwrites nobody', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => setRetention(admin(), change({ eventDays: 10 + index }))),
    );
    const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(won).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'edit_conflict' });
    }
    expect(await stored()).toEqual([won[0]?.fields.eventDays.days, 7, 400, 30, 2]);
    expect(await audited()).toHaveLength(1);
    await expect(previewRetention(admin(), change({ eventDays: 5 }))).rejects.toMatchObject({
      code: 'edit_conflict',
    });
  });

  test('is refused after the app was changed in another way, and for what is no app', async () => {
    const publication = { appId: id, basedOn: 1, policy: TEMPLATES.strict, reason: 'an attack' };
    await publishPolicy(admin(), publication);
    await expect(setRetention(admin(), change({ eventDays: 14 }))).rejects.toMatchObject({
      code: 'edit_conflict',
    });
    for (const verb of [setRetention, previewRetention]) {
      await expect(verb(admin(), { ...change(), id: 'nothing' })).rejects.toMatchObject({
        code: 'app_not_found',
      });
    }
  });

  test('does not happen without its audit row', async () => {
    await db.owner.sql.unsafe(`
      create function refuse_audit() returns trigger language plpgsql as 'begin raise exception ''full''; end';
      create trigger refuse before insert on audit_log for each row execute function refuse_audit()`);
    await expect(setRetention(admin(), change({ eventDays: 14 }))).rejects.toThrow();
    await db.owner.sql.unsafe('drop trigger refuse on audit_log; drop function refuse_audit');
    expect(await stored()).toEqual([30, 7, 400, 30, 1]);
  });
});

describe('what a change would delete', () => {
  // Days that were summed for another test would be summed again only some time later.
  beforeEach(() => db.owner.sql`delete from summary_progress`);

  /** Two attestations on each of these days, and on each three refused requests. */
  async function seedDays(...days: number[]): Promise<void> {
    for (const day of days) {
      const at = Date.now() - day * DAY_MS;
      for (const verdict of ['trusted', 'rejected'] as const)
        await seedEvent(db.owner, { appId: id, atMs: at, verdict });
      await db.owner.sql`
        insert into request_rollup_hours (app_id, bucket, writer, api_id, outcome, network_kind, requests)
        select ${id}, date_trunc('hour', ${new Date(at).toISOString()}::timestamptz), 'w1', 'payments', outcome, 'access', n
        from (values ('missing', 3), ('valid', 40)) o(outcome, n)`;
    }
  }

  /** Everything that scheduled work does by retention. */
  async function age(): Promise<void> {
    for (;;) {
      const [row] = await db.service.sql<{ child: string | null }[]>`
        select countersign_drop_expired_partition() as child`;
      if (!row?.child) break;
    }
    await db.service.sql`select countersign_delete_expired_rows(10000)`;
    for (;;) {
      const [row] = await db.service.sql<{ finished: boolean }[]>`
        select finished from countersign_forget_addresses(10000)`;
      if (row?.finished !== false) break;
    }
  }

  const preview = async (some: Partial<RetentionChange>) =>
    retentionEffectSchema.parse(await previewRetention(admin(), change(some)));

  const events = async () => {
    const [row] = await db.owner.sql<{ all: number; known: number }[]>`
      select count(*)::int as all, count(network_prefix)::int as known
      from attestation_events where app_id = ${id}`;
    return row ?? { all: 0, known: 0 };
  };

  test('is said by field, with the days and what was counted on them, and nothing is deleted by asking', async () => {
    await seedDays(0, 1, 3, 6, 20);
    const expected = {
      lowered: ['eventDays', 'minuteDays', 'hourDays', 'addressDays'],
      goes: [
        { field: 'eventDays', firstDay: dayBefore(20), lastDay: dayBefore(6), days: 15 },
        { field: 'minuteDays', firstDay: dayBefore(7), lastDay: dayBefore(3), days: 5 },
        { field: 'hourDays', firstDay: dayBefore(20), lastDay: dayBefore(11), days: 10 },
        { field: 'addressDays', firstDay: dayBefore(5), lastDay: dayBefore(2), days: 4 },
      ].map((span, index) => ({
        ...span,
        attestations: [4, 4, 2, 2][index],
        refusedRequests: [6, null, null, 3][index],
      })),
    };
    const lower = { eventDays: 5, minuteDays: 2, hourDays: 10, addressDays: 1 };
    expect(await preview(lower)).toEqual(expected);
    await summarise(db);
    expect(await preview(lower)).toEqual(expected);
    expect(await stored()).toEqual([30, 7, 400, 30, 1]);
    expect((await events()).all).toBe(10);
    expect(await audited()).toHaveLength(0);
  });

  test('is what then goes', async () => {
    await seedDays(0, 2, 4, 8, 9);
    await age();
    const lower = { eventDays: 7, minuteDays: 3, addressDays: 3 };
    const { goes } = await preview(lower);
    const before = await events();
    await setRetention(admin(), change(lower));
    await age();
    const left = await events();
    const of = (field: string) => goes.find((span) => span.field === field)?.attestations;
    expect([before.all - left.all, left.all - left.known]).toEqual([of('eventDays'), of('addressDays')]);
    const [minutes] = await db.owner.sql`
      select min(bucket)::date::text as first from attestation_rollup_minutes where app_id = ${id}`;
    expect(minutes).toEqual({ first: dayBefore(2) });
  });

  test('leaves out what is gone already: a value that was raised brings nothing back', async () => {
    await seedDays(1, 4, 8);
    await setRetention(admin(), change({ eventDays: 5, minuteDays: 2, addressDays: 2 }));
    await age();
    await setRetention(admin(), change({ basedOn: 2, eventDays: 30, minuteDays: 7, addressDays: 30 }));
    const lower = { basedOn: 3, eventDays: 3, minuteDays: 3, addressDays: 2 };
    expect((await preview(lower)).goes.map(({ field, firstDay }) => [field, firstDay])).toEqual([
      ['eventDays', dayBefore(4)],
    ]);
  });

  test('is nothing where nothing is stored, where nothing as old is, and where nothing is lowered', async () => {
    expect(await preview({ eventDays: 5 })).toEqual({ lowered: ['eventDays'], goes: [] });
    await seedDays(0, 3);
    expect(await preview({ eventDays: 3 })).toEqual({ lowered: ['eventDays'], goes: [] });
    expect(await preview({ eventDays: 31 })).toEqual({ lowered: [], goes: [] });
  });
});
