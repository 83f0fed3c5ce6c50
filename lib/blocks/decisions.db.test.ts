import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp, seedEvent, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { type Actor, STEP_UP_SECONDS } from '@/lib/auth';
import { actorWith, steppedUp } from '@/lib/auth/testing/actors';
import {
  allow,
  createBlock,
  exportBlocks,
  importBlocks,
  liftBlock,
  listBlocks,
  previewBlock,
} from '@/lib/blocks';
import { readFeedPosition } from '@/lib/changes';
import { type BlockDraft, blockQuerySchema } from '@/lib/contracts';
import { fixedClock } from '@/lib/core';

let db: TestDatabase;
const clock = fixedClock(Date.now());
beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank', 'Retail Bank');
  await seedApp(db.owner, 'fleet');
});
afterAll(() => db.close());

const as = (actor: Actor) => ({ db: db.console, actor, clock });
const responder = actorWith('responder');
const draft = (about: Partial<BlockDraft>): BlockDraft => ({
  scope: 'country',
  target: 'DE',
  appId: 'bank',
  effect: 'refuse',
  reason: 'a test',
  durationSeconds: 3_600,
  ...about,
});
const allowing = (about: Partial<BlockDraft>) => {
  const { effect: _, ...rest } = draft(about);
  return { ...rest, owner: 'QA team', durationSeconds: 3_600 };
};
const list = (query: Record<string, unknown> = {}, actor: Actor = responder) =>
  listBlocks(as(actor), blockQuerySchema.parse(query));

describe('a block of any scope', () => {
  test('needs more than a block of a device, and for every app a grant for every app', async () => {
    const refusals: [Actor, Partial<BlockDraft>][] = [
      [actorWith('analyst'), { target: 'FR' }],
      [actorWith('analyst'), { scope: 'app', target: 'bank' }],
      [actorWith('auditor'), { target: 'FR' }],
      [actorWith('responder', 'bank'), { target: 'FR', appId: null }],
      [actorWith('responder', 'bank'), { target: 'FR', appId: 'fleet' }],
    ];
    const before = await readFeedPosition(db.console.orm);
    for (const [actor, about] of refusals) {
      await expect(createBlock(as(actor), draft(about))).rejects.toMatchObject({ code: 'permission_denied' });
    }
    await expect(allow(as(actorWith('analyst')), allowing({ target: 'FR' }))).rejects.toMatchObject({
      code: 'permission_denied',
    });
    expect((await readFeedPosition(db.console.orm)).seq).toBe(before.seq);
    const own = await createBlock(as(actorWith('responder', 'bank')), draft({ target: 'FR' }));
    expect(own).toMatchObject({ scope: 'country', target: 'FR', appId: 'bank', origin: 'person' });
  });

  test('of a whole app is put in force by who has just proved that it is they, also from a list', async () => {
    const whole = draft({ scope: 'app', target: 'fleet', appId: null });
    const csv = 'scope,target\ncountry,SE\napp,fleet\n';
    const before = await readFeedPosition(db.console.orm);
    for (const attempt of [
      () => createBlock(as(responder), whole),
      () => importBlocks(as(responder), { csv, reason: 'a list' }),
      () => createBlock(as(steppedUp(responder, clock.nowMs() - STEP_UP_SECONDS * 1000)), whole),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'step_up_required' });
    }
    expect((await readFeedPosition(db.console.orm)).seq).toBe(before.seq);
    await createBlock(as(responder), { ...whole, effect: 'simulate' });
    const made = await createBlock(as(steppedUp(responder, clock.nowMs())), whole);
    await liftBlock(as(responder), { id: made.id, reason: 'over' });
  });

  test.each([
    [{ scope: 'network', target: '203.0.113.7/24' }, 'block_network_malformed'],
    [{ scope: 'country', target: 'ZZ' }, 'block_country_unknown'],
    [{ scope: 'asn', target: 'AS0' }, 'block_asn_malformed'],
    [{ scope: 'signer', target: 'abc' }, 'block_target_malformed'],
    [{ scope: 'app_version', target: 'ios 1', appId: null }, 'block_app_needed'],
    [{ scope: 'app', target: 'nowhere' }, 'app_not_found'],
    [{ scope: 'country', target: 'DE', appId: 'nowhere' }, 'app_not_found'],
    [{ scope: 'instance', target: crypto.randomUUID() }, 'instance_not_found'],
  ] as const)('is refused where it makes no sense, and changes nothing: %o', async (about, code) => {
    const before = await readFeedPosition(db.console.orm);
    await expect(createBlock(as(responder), draft(about))).rejects.toMatchObject({ code });
    expect((await readFeedPosition(db.console.orm)).seq).toBe(before.seq);
  });

  test('may stand once for an app, and once for every app', async () => {
    await createBlock(as(responder), draft({ target: 'IT' }));
    await expect(createBlock(as(responder), draft({ target: 'it' }))).rejects.toMatchObject({
      code: 'block_already_active',
    });
    await createBlock(as(responder), draft({ target: 'IT', appId: null }));
    await createBlock(as(responder), draft({ target: 'IT', appId: 'fleet' }));
    await createBlock(as(responder), draft({ target: 'IT', effect: 'simulate' }));
  });

  test('that an allowlist entry covers is refused with the reason, until that has ended', async () => {
    const entry = await allow(as(responder), allowing({ target: 'ES' }));
    expect(entry).toMatchObject({ effect: 'allow', owner: 'QA team' });
    await expect(createBlock(as(responder), draft({ target: 'ES' }))).rejects.toMatchObject({
      code: 'block_contradicts_allow',
    });
    await liftBlock(as(responder), { id: entry.id, reason: 'not needed' });
    await createBlock(as(responder), draft({ target: 'ES' }));
    const [row] = await db.owner.sql`select action from audit_log where detail->>'blockId' = ${entry.id}
      order by id desc limit 1`;
    expect(row?.action).toBe('block.disallow');
  });
});

describe('the list', () => {
  test('is filtered by state, scope, effect, origin and text, and pages by a cursor', async () => {
    const network = await createBlock(
      as(responder),
      draft({ scope: 'network', target: '198.51.100.0/24', reason: 'a botnet', durationSeconds: 60 }),
    );
    expect((await list({ q: '198.51' })).rows).toMatchObject([
      { id: network.id, active: true, appName: 'Retail Bank', attestations24h: 0 },
    ]);
    expect((await list({ q: 'botnet', scope: ['network'], state: ['active'] })).rows).toHaveLength(1);
    clock.advance(60_000);
    expect((await list({ q: 'botnet', state: ['active'] })).rows).toHaveLength(0);
    expect((await list({ q: 'botnet', state: ['ended'] })).rows).toMatchObject([{ active: false }]);
    expect((await list({ effect: ['allow'] })).rows.every(({ effect }) => effect === 'allow')).toBe(true);
    const all = (await list()).rows.map(({ id }) => id);
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      paged.push(...page.rows.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(paged).toEqual(all);
    await expect(list({ cursor: 'bm9uZQ' })).rejects.toMatchObject({ code: 'request_invalid' });
  });

  test('shows of one app only its own and what is of every app', async () => {
    const { rows } = await list({}, actorWith('analyst', 'fleet'));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ appId }) => appId === null || appId === 'fleet')).toBe(true);
  });

  test('is narrowed to an incident, which each decision keeps and the audit log tells', async () => {
    const incident = 'INC-2041';
    const block = await createBlock(as(responder), draft({ target: 'GR', incident }));
    const entry = await allow(as(responder), { ...allowing({ target: 'CY' }), incident: 'inc-2041' });
    await createBlock(as(responder), draft({ target: 'MT', incident: 'INC-20410' }));
    await createBlock(as(responder), draft({ target: 'GR', appId: 'fleet', incident }));
    expect(block.incident).toBe(incident);
    const ofIncident = (await list({ incident: 'Inc-2041', app: ['bank'] })).rows;
    expect(ofIncident.map(({ id }) => id).sort()).toEqual([block.id, entry.id].sort());
    expect((await list({ q: 'inc-2041', app: ['bank'] })).rows).toHaveLength(3);
    const ofFleet = (await list({ incident }, actorWith('analyst', 'fleet'))).rows;
    expect(ofFleet.map(({ appId }) => appId)).toEqual(['fleet']);
    const [row] = await db.owner.sql`
      select detail ->> 'incident' as incident from audit_log where detail ->> 'blockId' = ${block.id}`;
    expect(row?.incident).toBe(incident);
    const [plan] = await db.owner.sql.begin(async (tx) => {
      await tx`set local enable_seqscan = off`;
      return tx`explain (format json) select 1 from blocks
        where incident is not null and lower(incident) = lower(${incident})`;
    });
    expect(JSON.stringify(plan)).toContain('blocks_incident');
  });

  test('tells what a block met', async () => {
    const block = await createBlock(as(responder), draft({ target: 'PT' }));
    await db.owner.sql`insert into block_hits (block_id, hour, writer, attestations, requests)
      values (${block.id}, date_trunc('hour', now()), 'a', 3, 5), (${block.id}, date_trunc('hour', now()), 'b', 1, 0)`;
    expect((await list({ q: 'PT' })).rows).toMatchObject([{ attestations24h: 4, requests24h: 5 }]);
  });
});

describe('before an act', () => {
  test('it is told how many it would have met in the last day, by each scope that events show', async () => {
    const phone = await seedInstance(db.owner, 'bank', { claims: CLAIMS });
    const other = await seedInstance(db.owner, 'bank');
    const atMs = clock.nowMs() - 3_600_000;
    for (const instanceId of [phone, phone, other]) {
      await seedEvent(db.owner, { appId: 'bank', atMs, instanceId, country: 'NL' });
    }
    await seedEvent(db.owner, { appId: 'bank', atMs: atMs - 86_400_000, instanceId: phone, country: 'NL' });
    const reachOf = async (scope: BlockDraft['scope'], target: string) =>
      (await previewBlock(as(responder), { scope, target, appId: 'bank', effect: 'refuse' })).reach;
    expect(await reachOf('instance', phone)).toEqual({ devices: 1, attestations: 2 });
    expect(await reachOf('country', 'NL')).toEqual({ devices: 2, attestations: 3 });
    expect(await reachOf('network', '192.0.0.0/16')).toEqual({ devices: 2, attestations: 3 });
    expect(await reachOf('network', '192.1.0.0/16')).toEqual({ devices: 0, attestations: 0 });
    expect(await reachOf('app_version', 'android 5.4.0')).toEqual({ devices: 2, attestations: 3 });
    expect(await reachOf('os_build', 'android 16')).toEqual({ devices: 2, attestations: 3 });
    expect(await reachOf('signer', SIGNER)).toEqual({ devices: 1, attestations: 2 });
    expect(await reachOf('hardware', KEY)).toEqual({ devices: 1, attestations: 2 });
    expect(await reachOf('app', 'bank')).toEqual({ devices: 2, attestations: 3 });
    expect(await reachOf('asn', '64500')).toEqual({ devices: 0, attestations: 0 });
  });

  test('it is told what stands in the way, and a length that grows with each time', async () => {
    const ask = () =>
      previewBlock(as(responder), { scope: 'asn', target: 'AS64501', appId: 'bank', effect: 'refuse' });
    const about = { scope: 'asn', target: '64501' } as const;
    expect(await ask()).toMatchObject({
      target: '64501',
      offences: 0,
      suggestedSeconds: 86_400,
      duplicate: null,
      contradiction: null,
      enforcedAtAuthorize: true,
    });
    const suggested: (number | null)[] = [];
    for (let time = 0; time < 4; time++) {
      const block = await createBlock(as(responder), draft(about));
      expect((await ask()).duplicate?.id).toBe(block.id);
      await liftBlock(as(responder), { id: block.id, reason: 'a test' });
      suggested.push((await ask()).suggestedSeconds);
    }
    expect(suggested).toEqual([7 * 86_400, 30 * 86_400, null, null]);
    const entry = await allow(as(responder), allowing(about));
    expect((await ask()).contradiction?.id).toBe(entry.id);
  });

  test('nobody is told of apps that they may not see', async () => {
    await expect(
      previewBlock(as(actorWith('responder', 'fleet')), { scope: 'country', target: 'NL', effect: 'refuse' }),
    ).rejects.toMatchObject({ code: 'permission_denied' });
  });
});

describe('an import', () => {
  const load = (csv: string, actor: Actor = responder) =>
    importBlocks(as(actor), { csv, reason: 'a feed', incident: 'INC-6' });
  const countRows = async () => (await db.owner.sql`select 1 from blocks`).length;

  test('takes a list as a whole, and gives it back as it was', async () => {
    const before = await readFeedPosition(db.console.orm);
    const end = new Date(clock.nowMs() + 86_400_000).toISOString();
    const made = await load(
      `scope,target,app,effect,reason,incident,owner,expires_at\r\nnetwork,192.0.2.0/24,,,,,,\r\ncountry,se,bank,simulate,"looks, odd",INC-7,,\r\nasn,AS64502,bank,allow,,,Riley,${end}\r\n`,
    );
    expect(made.made).toBe(3);
    expect(made.seq).toBe(before.seq + 3);
    const { rows } = await list({ batch: made.batchId });
    expect(rows.map(({ target }) => target).sort()).toEqual(['192.0.2.0/24', '64502', 'SE']);
    expect(rows.every(({ origin }) => origin === 'import')).toBe(true);
    expect(rows.find(({ scope }) => scope === 'country')).toMatchObject({
      reason: 'looks, odd',
      effect: 'simulate',
      incident: 'INC-7',
    });
    expect(rows.find(({ scope }) => scope === 'network')).toMatchObject({
      appId: null,
      reason: 'a feed',
      incident: 'INC-6',
    });
    const exported: string[] = [];
    for await (const page of exportBlocks(as(responder), blockQuerySchema.parse({ batch: made.batchId }))) {
      exported.push(...page.map(({ target }) => target));
    }
    expect(exported).toHaveLength(3);
  });

  test.each([
    ['a line that is wrong', 'scope,target\ncountry,NO\ncountry,ZZ\n', { line3: /ISO 3166/ }],
    ['a line that stands twice', 'scope,target\ncountry,NO\ncountry,no\n', { line3: /twice/ }],
    ['what is in force already', 'scope,target,app\ncountry,NO,\ncountry,FR,bank\n', { line3: /already/ }],
    ['a scope that does not exist', 'scope,target\nplanet,Mars\n', { line2: /scope/ }],
    ['an entry without an owner', 'scope,target,effect\ncountry,NO,allow\n', { line2: /owner/ }],
    [
      'an end that has passed',
      'scope,target,expires_at\ncountry,NO,2020-01-01T00:00:00Z\n',
      { line2: /passed/ },
    ],
    ['an incident that is a formula', 'scope,target,incident\ncountry,NO,=1+1\n', { line2: /INC-2041/ }],
    ['a column that nobody knows', 'scope,target,colour\ncountry,NO,red\n', { line1: /columns/ }],
    ['an open quote', 'scope,target\ncountry,"NO\n', { line1: /columns/ }],
    ['nothing', 'scope,target\n', { csv: /lines/ }],
  ])('with %s is refused, and nothing of it is in force', async (_, csv, fields) => {
    const before = await countRows();
    const refusal = await load(csv).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'block_import_invalid' });
    for (const [field, pattern] of Object.entries(fields)) {
      expect((refusal as { fields: Record<string, string> }).fields[field]).toMatch(pattern);
    }
    expect(await countRows()).toBe(before);
  });

  test('is refused to whoever may not do what one of its lines says', async () => {
    await expect(load('scope,target\ncountry,NO\n', actorWith('analyst'))).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(load('scope,target\ncountry,NO\n', actorWith('responder', 'bank'))).rejects.toMatchObject({
      code: 'block_import_invalid',
    });
  });
});

const SIGNER = 'cd'.repeat(32);
const KEY = 'ef'.repeat(32);
const CLAIMS = {
  attestationKey: KEY,
  app: { id: 'com.example.bank', version: null, signerDigests: [SIGNER] },
};
