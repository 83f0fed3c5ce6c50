import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { seedApp, seedEvent, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { createStaff, signIn } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import { isPermitted, problemSchema, ROLES, type Role } from '@/lib/contracts';
import { newId, systemClock } from '@/lib/core';
import { openDatabase } from '@/lib/db';
import { consoleProcess } from './context';
import { liveProcess } from './live-process';
import { MANIFEST, type ManifestEntry } from './manifest';
import type { Handler } from './route-handler';

const ORIGIN = 'http://console.test:3000';
const SECRET = 'a secret of the tests, long enough';
const API = path.dirname(fileURLToPath(import.meta.url));
const MOST_LINES = 40;
let db: TestDatabase;
let instanceId = '';
const cookies = new Map<Role, string>();

beforeAll(async () => {
  db = await createTestDatabase();
  vi.stubEnv('COUNTERSIGN_CONSOLE_DATABASE_URL', db.consoleUrl);
  vi.stubEnv('COUNTERSIGN_SESSION_SECRET', SECRET);
  vi.stubEnv('COUNTERSIGN_CONSOLE_URL', ORIGIN);
  vi.stubEnv('COUNTERSIGN_LOG_LEVEL', 'silent');
  await seedApp(db.owner, 'bank', 'Retail Bank');
  instanceId = await seedInstance(db.owner, 'bank');
  await seedEvent(db.owner, { appId: 'bank', atMs: Date.now() - 1_000, instanceId, model: '=cmd|calc' });
  for (const role of ROLES) cookies.set(role, await cookieOf(role));
});

afterAll(async () => {
  await liveProcess().close();
  await consoleProcess().db.close();
  await db.close();
});

async function cookieOf(role: Role): Promise<string> {
  const host = { db: db.console, clock: systemClock };
  const [email, password] = [`${role}@example.test`, 'a walrus under 7 lamps'];
  const admin = { ...host, actor: actorWith('admin') };
  await createStaff(admin, { email, name: 'Robin', password, role, appId: null });
  const { sessionId } = await signIn(host, { email, password }, { network: 'test', userAgent: '' });
  const token = await encode({ token: { sid: sessionId }, secret: SECRET, maxAge: 3_600 });
  return `other=1; countersign-session=${token}`;
}

type Method = ManifestEntry['method'];
type Handlers = Partial<Record<Method, Handler>>;

function routeFiles(): string[] {
  return readdirSync(API, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('route.ts'));
}

/** `/api/console/nodes` for the file that serves it. */
function routePath(file: string): string {
  return `/api/${path.dirname(file).split(path.sep).join('/')}`;
}

async function handlersOf(routeName: string): Promise<Handlers> {
  return (await import(
    /* @vite-ignore */ path.join(API, routeName.slice('/api/'.length), 'route.ts')
  )) as Handlers;
}

const PARAMS: Readonly<Record<string, () => Record<string, string>>> = {
  '/api/console/attestations/[id]': () => ({ id: '0000-0000' }),
  '/api/console/devices/[id]': () => ({ id: instanceId }),
  '/api/console/devices/[id]/reenrol': () => ({ id: newId(Date.now()) }),
  '/api/console/blocks/[id]/lift': () => ({ id: newId(Date.now()) }),
  '/api/console/signing-keys/[kid]/revoke': () => ({ kid: 'A'.repeat(43) }),
  '/api/console/blocks/rules/[id]': () => ({ id: newId(Date.now()) }),
  '/api/console/blocks/rules/[id]/state': () => ({ id: newId(Date.now()) }),
  '/api/console/blocks/rules/[id]/lift': () => ({ id: newId(Date.now()) }),
  '/api/console/blocks/bulk/[id]': () => ({ id: newId(Date.now()) }),
  '/api/console/blocks/bulk/[id]/step': () => ({ id: newId(Date.now()) }),
  '/api/console/blocks/bulk/[id]/undo': () => ({ id: newId(Date.now()) }),
  '/api/console/relying-parties/[id]': () => ({ id: newId(Date.now()) }),
  '/api/console/changes/[seq]': () => ({ seq: '1' }),
  '/api/console/apps/[id]': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/app-attest-key': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/policies': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/integrity': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/evidence-archive': () => ({ id: 'bank' }),
  '/api/console/attestations/[id]/case': () => ({ id: '0000-0000' }),
  '/api/console/apps/[id]/policies/editor': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/policies/draft': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/policies/draft/approve': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/policies/draft/inherit': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/policies/check': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/policies/diff': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/policies/replay': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/policies/replay/explain': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/policies/rollouts': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/policies/revert': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/policies/settings': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/emergency': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/emergency/radius': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/emergency/kill-switch': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/emergency/minimum-versions': () => ({ id: 'bank' }),
  '/api/console/rollouts/[id]/shadow': () => ({ id: newId(Date.now()) }),
  '/api/console/rollouts/[id]/advance': () => ({ id: newId(Date.now()) }),
  '/api/console/rollouts/[id]/stop': () => ({ id: newId(Date.now()) }),
  '/api/console/quarantines/[id]/effect': () => ({ id: newId(Date.now()) }),
  '/api/console/quarantines/[id]/end': () => ({ id: newId(Date.now()) }),
  '/api/console/apps/[id]/retention': () => ({ id: 'bank' }),
  '/api/console/apps/[id]/retention/effect': () => ({ id: 'bank' }),
  '/api/console/me/sessions/[id]': () => ({ id: newId(Date.now()) }),
  '/api/console/views/[id]': () => ({ id: newId(Date.now()) }),
  '/api/console/certificates/[id]': () => ({ id: newId(Date.now()) }),
  '/api/console/certificates/[id]/probe': () => ({ id: newId(Date.now()) }),
  '/api/console/certificates/[id]/pins': () => ({ id: newId(Date.now()) }),
  '/api/console/certificates/[id]/rotation': () => ({ id: newId(Date.now()) }),
  '/api/console/certificates/[id]/rotation/step': () => ({ id: newId(Date.now()) }),
};

interface Call {
  cookie?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
  search?: string;
  params?: Record<string, string>;
}

async function call(entry: Pick<ManifestEntry, 'method' | 'path'>, options: Call = {}): Promise<Response> {
  const handler = (await handlersOf(entry.path))[entry.method];
  if (!handler) throw new Error(`${entry.method} ${entry.path} is not exported.`);
  const mutation = entry.method !== 'GET';
  const request = new Request(`${ORIGIN}${entry.path}${options.search ?? ''}`, {
    method: entry.method,
    headers: {
      ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
      ...(mutation ? { origin: ORIGIN, 'content-type': 'application/json' } : {}),
      ...options.headers,
    },
    ...(entry.method === 'POST' || entry.method === 'PUT' || options.body !== undefined
      ? { body: JSON.stringify(options.body ?? {}) }
      : {}),
  });
  const params = options.params ?? PARAMS[entry.path]?.() ?? {};
  return handler(request, { params: Promise.resolve(params) });
}

async function codeOf(response: Response): Promise<string> {
  if (!(response.headers.get('content-type') ?? '').includes('problem+json')) {
    await response.body?.cancel();
    return 'none';
  }
  return problemSchema.parse(await response.json()).code;
}

const GUARDED = MANIFEST.filter((entry) => entry.permission !== 'public');

describe('the manifest', () => {
  test('lists every route and method that there is, and nothing else', async () => {
    const found: string[] = [];
    for (const file of routeFiles()) {
      for (const method of Object.keys(await handlersOf(routePath(file))))
        found.push(`${method} ${routePath(file)}`);
    }
    expect(found.sort()).toEqual(MANIFEST.map((entry) => `${entry.method} ${entry.path}`).sort());
  });

  test('states what each route demands', async () => {
    for (const { method, path: name, permission } of GUARDED) {
      expect([name, (await handlersOf(name))[method]?.permission]).toEqual([name, permission]);
    }
  });

  test('covers routes of at most 40 lines', () => {
    for (const file of routeFiles()) {
      expect([file, readFileSync(path.join(API, file), 'utf8').split('\n').length <= MOST_LINES + 1]).toEqual(
        [file, true],
      );
    }
  });
});

describe('every route', () => {
  test.each(GUARDED)('$method $path answers 401 without a session', async (entry) => {
    for (const cookie of [undefined, 'countersign-session=', 'countersign-session=x.y.z']) {
      const response = await call(entry, { cookie });
      expect([response.status, await codeOf(response)]).toEqual([401, 'authentication_required']);
    }
  });

  test.each(GUARDED)('$method $path gives each role what the table says', async (entry) => {
    const { permission } = entry;
    for (const role of ROLES) {
      const response = await call(entry, { cookie: cookies.get(role) });
      const permitted =
        permission === 'signed_in' ||
        (permission !== 'public' && isPermitted([{ role, appId: null }], permission, null));
      const refused = (await codeOf(response)) === 'permission_denied';
      expect([role, refused]).toEqual([role, !permitted]);
      if (!permitted) expect(response.status).toBe(403);
      expect(response.status).toBeLessThan(500);
    }
  });

  test.each(MANIFEST.filter((entry) => entry.method !== 'GET' && entry.path !== '/api/auth/[...nextauth]'))(
    '$method $path refuses another origin',
    async (entry) => {
      const cookie = cookies.get('admin');
      for (const headers of [
        { origin: 'https://evil.test' },
        { origin: 'null' },
        { origin: '' },
        { origin: ORIGIN, 'sec-fetch-site': 'cross-site' },
        { origin: ORIGIN, 'sec-fetch-site': 'same-site' },
      ]) {
        const response = await call(entry, { cookie, headers });
        expect([response.status, await codeOf(response)]).toEqual([403, 'origin_untrusted']);
      }
    },
  );
});

describe('a request', () => {
  const block = { method: 'POST', path: '/api/console/blocks' } as const;
  const admin = () => cookies.get('admin');
  const about = () => ({
    scope: 'instance',
    target: instanceId,
    appId: null,
    reason: 'seen in an attack',
    durationSeconds: 3_600,
  });

  test('is refused with a code where its body is not what the route takes', async () => {
    const bodies: [Call, number, string][] = [
      [{ headers: { 'content-type': 'text/plain' } }, 415, 'media_type_unsupported'],
      [{ headers: { 'content-encoding': 'gzip' } }, 415, 'content_encoding_unsupported'],
      [{ body: 'x'.repeat(70_000) }, 413, 'request_too_large'],
      [{ body: [1] }, 400, 'request_malformed'],
      [{ body: null }, 422, 'request_invalid'],
      [{ body: { ...about(), scope: 'planet' } }, 422, 'request_invalid'],
      [{ body: { ...about(), target: 'x' } }, 422, 'block_target_malformed'],
      [{ body: { ...about(), more: 1 } }, 422, 'request_invalid'],
    ];
    for (const [options, status, code] of bodies) {
      const response = await call(block, { cookie: admin(), ...options });
      expect([response.status, await codeOf(response)]).toEqual([status, code]);
    }
  });

  test('that is refused names the fields, and carries a request id', async () => {
    const response = await call(block, {
      cookie: admin(),
      body: { ...about(), target: '', reason: undefined },
    });
    const problem = problemSchema.parse(await response.json());
    expect(Object.keys(problem.fields ?? {}).sort()).toEqual(['reason', 'target']);
    expect(response.headers.get('x-request-id')).toBe(problem.requestId);
  });

  test('blocks a device and lifts the block again', async () => {
    const body = about();
    const made = await call(block, { cookie: cookies.get('analyst'), body });
    expect(made.status).toBe(201);
    const { id, seq } = (await made.json()) as { id: string; seq: number };
    expect((await call(block, { cookie: admin(), body })).status).toBe(409);
    const way = { method: 'GET', path: '/api/console/changes/[seq]' } as const;
    expect((await call(way, { cookie: admin(), params: { seq: String(seq) } })).status).toBe(200);
    const lift = { method: 'POST', path: '/api/console/blocks/[id]/lift' } as const;
    const options = { cookie: cookies.get('responder'), params: { id }, body: { reason: 'a false alarm' } };
    expect((await call(lift, options)).status).toBe(200);
    expect((await call(lift, options)).status).toBe(409);
  });

  test('cuts an app off, once for each moment, and tells whom that hits', async () => {
    const read = { method: 'GET', path: '/api/console/cut-offs' } as const;
    const cut = { method: 'POST', path: '/api/console/cut-offs' } as const;
    const search = '?scope=app&target=bank';
    const held = await call(read, { cookie: cookies.get('analyst'), search });
    expect(await held.json()).toEqual({ cutOffs: [], devices: 1 });
    const notBefore = new Date(Date.now() - 60_000).toISOString();
    const body = { scope: 'app', target: 'bank', notBefore, reason: 'tokens leaked' };
    const options = { cookie: cookies.get('responder'), body };
    const made = await call(cut, options);
    expect(made.status).toBe(201);
    expect([(await call(cut, options)).status, await codeOf(await call(cut, options))]).toEqual([
      409,
      'cut_off_not_later',
    ]);
    const { cutOffs } = (await (await call(read, { cookie: admin(), search })).json()) as {
      cutOffs: object[];
    };
    expect(cutOffs).toEqual([await made.json()]);
    const future = { ...body, notBefore: new Date(Date.now() + 60_000).toISOString() };
    expect((await call(cut, { ...options, body: future })).status).toBe(422);
  });

  test('asks for a rotation of the signing keys, one at a time, and schedules the next ones', async () => {
    const rotate = { method: 'POST', path: '/api/console/signing-keys/rotations' } as const;
    const options = { cookie: cookies.get('responder'), body: { reason: 'a new quarter' } };
    expect((await call(rotate, options)).status).toBe(201);
    expect((await call(rotate, options)).status).toBe(409);
    const schedule = { method: 'PUT', path: '/api/console/signing-keys/schedule' } as const;
    const body = { rotateEveryDays: 90, reason: 'as the policy says' };
    expect((await call(schedule, { cookie: admin(), body })).status).toBe(200);
    expect((await call(schedule, { cookie: admin(), body: { ...body, rotateEveryDays: 0 } })).status).toBe(
      422,
    );
    const list = { method: 'GET', path: '/api/console/signing-keys' } as const;
    const listed = await (await call(list, { cookie: cookies.get('auditor') })).json();
    expect(listed).toMatchObject({ keys: [], rotateEveryDays: 90, rotation: { reason: 'a new quarter' } });
  });

  test('exports blocks as a file that can be imported again, safe for spreadsheets', async () => {
    const reason = '=HYPERLINK("x")';
    const incident = 'INC-2041';
    const made = await call(block, {
      cookie: admin(),
      body: {
        ...about(),
        scope: 'country',
        target: 'de',
        appId: 'bank',
        reason,
        incident,
        durationSeconds: null,
      },
    });
    expect(made.status).toBe(201);
    const file = await call(
      { method: 'GET', path: '/api/console/blocks/export' },
      { cookie: admin(), search: '?q=DE' },
    );
    expect(file.headers.get('content-disposition')).toMatch(/blocks-.*\.csv/);
    const csv = await file.text();
    expect(csv).toBe(
      'scope,target,app,effect,reason,incident,owner,expires_at\r\ncountry,DE,bank,refuse,"\'=HYPERLINK(""x"")",INC-2041,,\r\n',
    );
    const { id } = (await made.json()) as { id: string };
    const lift = { method: 'POST', path: '/api/console/blocks/[id]/lift' } as const;
    await call(lift, { cookie: admin(), params: { id }, body: { reason: 'to import it' } });
    const again = await call(
      { method: 'POST', path: '/api/console/blocks/import' },
      { cookie: admin(), body: { csv, reason: 'a list' } },
    );
    expect(again.status).toBe(201);
    const list = await call(
      { method: 'GET', path: '/api/console/blocks' },
      { cookie: admin(), search: '?q=DE&state=active' },
    );
    expect(await list.json()).toMatchObject({ rows: [{ target: 'DE', reason, incident, origin: 'import' }] });
  });

  test('gives nothing back of a private key that was pasted for a pin, logs none of it, and keeps none', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const secret = pem.split('\n')[1] ?? '';
    const { logger } = consoleProcess();
    const spies = (['debug', 'info', 'warn', 'error'] as const).map((level) => vi.spyOn(logger, level));
    const inspect = { method: 'POST', path: '/api/console/certificates/inspect' } as const;
    const answer = await call(inspect, { cookie: admin(), body: { material: `notes\n${pem}` } });
    const misplaced = await call(inspect, { cookie: admin(), body: { material: 5, note: pem } });
    const logged = spies.flatMap(({ mock }) => mock.calls);
    for (const spy of spies) spy.mockRestore();
    expect(answer.status).toBe(422);
    const told = await answer.text();
    expect(told).toContain('pin_private_key_refused');
    expect(`${told} ${await misplaced.text()} ${JSON.stringify(logged)}`).not.toContain(secret);
    const tables = await db.owner.sql<{ name: string }[]>`
      select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition`;
    expect(tables.length).toBeGreaterThan(20);
    const dump = tables
      .map(({ name }) => `select 1 from ${name} t where t::text like $1`)
      .join(' union all ');
    expect(await db.owner.sql.unsafe(dump, [`%${secret}%`])).toHaveLength(0);
  });

  test('erases a device, and only with a reason', async () => {
    const id = await seedInstance(db.owner, 'bank');
    const erase = { method: 'DELETE', path: '/api/console/devices/[id]' } as const;
    const options = { cookie: admin(), params: { id } };
    expect((await call(erase, options)).status).toBe(400);
    expect((await call(erase, { ...options, body: {} })).status).toBe(422);
    const body = { reason: 'its owner asked for it' };
    const erased = await call(erase, { ...options, body });
    expect([erased.status, await erased.json()]).toEqual([
      200,
      { id, erased: { attestations: 0, requests: 0, days: 0 } },
    ]);
    expect((await call(erase, { ...options, body })).status).toBe(404);
  });

  test('says what a shorter retention would delete, sets it, and refuses the next one from the same page', async () => {
    const days = { eventDays: 14, minuteDays: 7, hourDays: 400, addressDays: 14 };
    const effect = { method: 'GET', path: '/api/console/apps/[id]/retention/effect' } as const;
    const search = '?eventDays=14&minuteDays=7&hourDays=400&addressDays=14&basedOn=1';
    const asked = await call(effect, { cookie: admin(), search });
    expect(await asked.json()).toEqual({ lowered: ['eventDays', 'addressDays'], goes: [] });
    const wrong = await call(effect, {
      cookie: admin(),
      search: search.replace('eventDays=14', 'eventDays=x'),
    });
    expect(problemSchema.parse(await wrong.json()).fields).toEqual({
      eventDays: 'must be a whole number of days',
    });
    const put = { method: 'PUT', path: '/api/console/apps/[id]/retention' } as const;
    const body = { ...days, basedOn: 1, reason: 'the privacy office asked for it' };
    const set = await call(put, { cookie: admin(), body });
    expect([set.status, await set.json()]).toMatchObject([
      200,
      { revision: 2, fields: { eventDays: { days: 14 } } },
    ]);
    const late = await call(put, { cookie: admin(), body });
    expect([late.status, await codeOf(late)]).toEqual([409, 'edit_conflict']);
    const text = await call(put, { cookie: admin(), body: { ...body, basedOn: 2, eventDays: '14' } });
    expect([text.status, await codeOf(text)]).toEqual([422, 'request_invalid']);
  });

  test('repeats a parameter to give several values', async () => {
    const list = { method: 'GET', path: '/api/console/attestations' } as const;
    const rows = async (search: string) => {
      const response = await call(list, { cookie: admin(), search });
      return ((await response.json()) as { rows: unknown[] }).rows.length;
    };
    expect(await rows('?verdict=rejected&verdict=trusted')).toBe(1);
    expect(await rows('?verdict=rejected')).toBe(0);
    expect((await call(list, { cookie: admin(), search: '?range=2h' })).status).toBe(422);
  });

  test('exports a file in which no text of a device is a formula', async () => {
    const file = { method: 'GET', path: '/api/console/attestations/export' } as const;
    const csv = await call(file, { cookie: admin() });
    expect(csv.headers.get('content-disposition')).toMatch(
      /^attachment; filename="attestations-[\dT-]+\.csv"$/,
    );
    const lines = (await csv.text()).trimEnd().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`"'=cmd|calc"`);
    const ndjson = await call(file, { cookie: admin(), search: '?format=ndjson' });
    expect(JSON.parse(await ndjson.text())).toMatchObject({ model: '=cmd|calc' });
  });

  test('for the head of the live stream opens no stream, which nobody would ever close', async () => {
    const { GET } = await handlersOf('/api/live');
    const cookie = cookies.get('analyst') ?? '';
    const request = new Request(`${ORIGIN}/api/live`, { method: 'HEAD', headers: { cookie } });
    const response = await GET?.(request, { params: Promise.resolve({}) });
    expect(response?.headers.get('content-type')).toContain('text/event-stream');
    expect(response?.body).toBeNull();
  });

  test('is answered by the primary where the replica fails it', async () => {
    const own = consoleProcess();
    const away = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', applicationName: 'test' });
    const failed = vi.fn();
    own.replica = { standing: async () => ({ db: away, lagMs: 5 }), failed, close: away.close };
    const nodes = await call({ method: 'GET', path: '/api/console/nodes' }, { cookie: admin() });
    expect(await nodes.json()).toMatchObject({ replicaLagMs: 5 });
    expect(failed).not.toHaveBeenCalled();
    const overview = await call({ method: 'GET', path: '/api/console/overview' }, { cookie: admin() });
    own.replica = undefined;
    await away.close();
    expect(overview.status).toBe(200);
    expect(failed).toHaveBeenCalledOnce();
  });

  test('answers 503 and says nothing of the database while it is away', async () => {
    const { db: pool } = consoleProcess();
    const broken = vi.spyOn(pool.orm, 'select').mockImplementation(() => {
      throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.1'), { code: 'ECONNREFUSED' });
    });
    const response = await call({ method: 'GET', path: '/api/console/nodes' }, { cookie: admin() });
    broken.mockRestore();
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('10.0.0.1');
  });
});
