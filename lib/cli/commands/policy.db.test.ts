import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { seedApp } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { TEMPLATES } from '@/lib/appraisal';
import { main } from '../main';

let db: TestDatabase;
let folder: string;
let said: string[];
beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-policy-'));
  vi.stubEnv('COUNTERSIGN_CONSOLE_DATABASE_URL', db.consoleUrl);
  vi.stubEnv('COUNTERSIGN_SERVICE_DATABASE_URL', db.serviceUrl);
  vi.stubEnv('COUNTERSIGN_DATA_DIR', folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
  await db.close();
});
beforeEach(() => {
  said = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line));
});

const run = (...args: string[]) => main(args, { root: process.cwd(), bundle: '' });
const answer = () => JSON.parse(said.at(-1) ?? 'null') as Record<string, unknown>;
const fileOf = async (value: unknown) => {
  const file = path.join(folder, 'policy.json');
  await writeFile(file, JSON.stringify(value));
  return file;
};

it('a policy lives in a file: it is printed, compared in words, applied once, and staged', async () => {
  await seedApp(db.owner, 'bank');
  expect(await run('policy', 'diff', '--app', 'bank', '--print')).toBe(0);
  expect(answer()).toEqual(TEMPLATES.balanced);
  const file = await fileOf({ ...answer(), tokenTtlSeconds: 600 });
  expect(await run('policy', 'diff', '--app', 'bank', '--file', file)).toBe(1);
  expect(answer()).toMatchObject({ version: 1, changes: [{ words: 'Token lifetime: 300 s → 600 s' }] });
  const apply = ['policy', 'apply', '--app', 'bank', '--file', file, '--reason', 'from git'];
  expect(await run(...apply, '--based-on', '7')).toBe(1);
  expect(await run(...apply)).toBe(0);
  expect(answer()).toMatchObject({ version: 2, rollout: null, changes: [{ direction: 'milder' }] });
  expect(await run(...apply)).toBe(0);
  expect(answer()).toEqual({ version: 2, changes: [], rollout: null });
  expect(await run('policy', 'diff', '--app', 'bank', '--file', file)).toBe(0);
  await fileOf(TEMPLATES.strict);
  expect(await run(...apply, '--staged')).toBe(0);
  expect(answer()).toMatchObject({ version: 3, rollout: expect.any(String) });
  expect([...(await db.owner.sql`select stage, state from policy_rollouts`)]).toEqual([
    { stage: 'observe', state: 'open' },
  ]);
});

it.each([
  [
    { ...TEMPLATES.balanced, threats: { hoks: 'flag' }, tokenTtlSeconds: -3 },
    /threats\.hoks: .*tokenTtlSeconds: /,
  ],
  [{ ...TEMPLATES.balanced, schema: 3 }, /schema: /],
  [
    {
      ...TEMPLATES.balanced,
      schema: 2,
      rules: [{ id: 'r', title: 'Rule', expression: 'nope', response: 'flag' }],
    },
    /rules\.0\.expression: .*nope \(characters 0 to 4\)/,
  ],
])('a file that is no policy is refused with the path and the reason', async (policy, message) => {
  await seedApp(db.owner, `app-${String(message).length}`);
  const id = `app-${String(message).length}`;
  const file = await fileOf(policy);
  for (const act of [['diff'], ['apply', '--reason', 'from git']]) {
    said = [];
    expect(await run('policy', ...act, '--app', id, '--file', file)).toBe(2);
    expect(said.join('\n')).toMatch(message);
  }
  expect([...(await db.owner.sql`select version from policy_versions where app_id = ${id}`)]).toHaveLength(1);
});
