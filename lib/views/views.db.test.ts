import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { Actor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import type { SaveView } from '@/lib/contracts';
import { newId, systemClock } from '@/lib/core';
import { deleteView, listViews, saveView, updateSavedView } from './index';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const as = (actor: Actor) => ({ db: db.console, actor, clock: systemClock });
const view = (name: string, about: Partial<SaveView> = {}): SaveView => ({
  page: 'overview',
  name,
  query: 'range=7d',
  shared: false,
  ...about,
});
const namesOf = async (actor: Actor) => (await listViews(as(actor), {})).views.map(({ name }) => name);
const auditOf = (id: string) => db.owner.sql<
  { action: string; actor_id: string; detail: { name: string } }[]
>`
  select action, actor_id, detail from audit_log where target_id = ${id} order by id`;
const nobodies = [actorWith(null), { kind: 'system', id: 'x', name: 'x' } as const];

describe('a saved view', () => {
  test('is seen by who made it, and by everybody where it is shared', async () => {
    const [ada, bob] = [actorWith('analyst'), actorWith('auditor')];
    await saveView(as(ada), view('Night watch'));
    await saveView(as(ada), view('Release 5.5', { page: 'attestations', shared: true }));
    expect(await namesOf(ada)).toEqual(['Release 5.5', 'Night watch']);
    const { views } = await listViews(as(bob), {});
    expect(views).toMatchObject([{ name: 'Release 5.5', own: false, createdByName: 'analyst' }]);
    expect((await listViews(as(ada), { page: 'overview' })).views).toMatchObject([{ own: true }]);
  });

  test('has a name of its own on its page, among those of its maker', async () => {
    const [ada, bob] = [actorWith('analyst'), actorWith('responder')];
    const first = await saveView(as(ada), view('Mine'));
    await saveView(as(ada), view('Mine', { page: 'devices' }));
    await saveView(as(bob), view('Mine'));
    const taken = { code: 'view_name_taken' };
    await expect(saveView(as(ada), view('Mine', { shared: true }))).rejects.toMatchObject(taken);
    const second = await saveView(as(ada), view('Other'));
    await expect(updateSavedView(as(ada), { ...view('Mine'), id: second.id })).rejects.toMatchObject(taken);
    await expect(updateSavedView(as(ada), { ...view('Mine'), id: first.id })).resolves.toMatchObject({
      own: true,
    });
    expect(await auditOf(second.id)).toHaveLength(1);
  });

  test('gets a name once of 10 parallel calls', async () => {
    const ada = actorWith('analyst');
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () => saveView(as(ada), view('Race'))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('is changed and deleted by who made it, each with one audit row', async () => {
    const ada = actorWith('analyst');
    const { id } = await saveView(as(ada), view('Draft'));
    const changed = await updateSavedView(as(ada), {
      ...view('Final', { query: 'range=1h', shared: true }),
      id,
    });
    expect(changed).toMatchObject({ id, name: 'Final', query: 'range=1h', shared: true });
    expect(await deleteView(as(ada), { id })).toEqual({ done: true });
    const rows = await auditOf(id);
    expect(rows.map((row) => [row.action, row.actor_id, row.detail.name])).toEqual([
      ['view.save', ada.id, 'Draft'],
      ['view.save', ada.id, 'Final'],
      ['view.delete', ada.id, 'Final'],
    ]);
    await expect(deleteView(as(ada), { id })).rejects.toMatchObject({ code: 'view_not_found' });
  });

  test('of somebody else is not there, or may not be changed; a shared one may by who manages the staff', async () => {
    const [ada, bob] = [actorWith('analyst'), actorWith('responder')];
    const own = await saveView(as(ada), view('Private'));
    const shared = await saveView(as(ada), view('Shared', { shared: true }));
    const change = (actor: Actor, id: string) => updateSavedView(as(actor), { ...view('Taken over'), id });
    for (const actor of [bob, actorWith('admin')]) {
      await expect(change(actor, own.id)).rejects.toMatchObject({ code: 'view_not_found' });
      await expect(deleteView(as(actor), { id: own.id })).rejects.toMatchObject({ code: 'view_not_found' });
    }
    await expect(change(bob, shared.id)).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(deleteView(as(bob), { id: shared.id })).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(deleteView(as(actorWith('admin')), { id: shared.id })).resolves.toEqual({ done: true });
  });

  test('is refused to an actor without permission', async () => {
    for (const actor of nobodies) {
      await expect(listViews(as(actor), {})).rejects.toMatchObject({ code: 'permission_denied' });
    }
    for (const actor of [...nobodies, actorWith('auditor')]) {
      const denied = { code: 'permission_denied' };
      await expect(saveView(as(actor), view('No'))).rejects.toMatchObject(denied);
      await expect(updateSavedView(as(actor), { ...view('No'), id: newId(0) })).rejects.toMatchObject(denied);
      await expect(deleteView(as(actor), { id: newId(0) })).rejects.toMatchObject(denied);
    }
  });

  test('is not saved where its audit row cannot be written', async () => {
    const ada = actorWith('analyst');
    await db.owner.sql.unsafe(`create function refuse_audit() returns trigger language plpgsql as
      $$ begin raise exception 'no audit'; end $$;
      create trigger refuse_audit before insert on audit_log for each row execute function refuse_audit()`);
    await expect(saveView(as(ada), view('Unseen'))).rejects.toThrow();
    await db.owner.sql.unsafe('drop trigger refuse_audit on audit_log');
    expect(await namesOf(ada)).not.toContain('Unseen');
  });
});
