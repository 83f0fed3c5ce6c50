import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedApp, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith, steppedUp } from '@/lib/auth/testing/actors';
import type { BlockEntry, BlockFacts } from '@/lib/block-list';
import { APPS, aboutArbitrary, factsArbitrary, ModelBlockList, TARGETS } from '@/lib/block-list/testing';
import { allow, createBlock, liftBlock } from '@/lib/blocks';
import { readFeedPosition } from '@/lib/changes';
import type { CutOffScope } from '@/lib/contracts';
import { AppError, fixedClock, silentLogger } from '@/lib/core';
import { cutOff } from '@/lib/cut-offs';
import { DatabaseClock } from '@/lib/db';
import { SnapshotFollower } from './follow';
import type { Snapshot } from './state';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  for (const app of APPS) await seedApp(db.owner, app);
  for (const id of TARGETS.instance) await seedInstance(db.owner, 'bank', { id });
  for (const id of APIS) {
    await db.owner.sql`insert into apis (id, name, app_ids, mode, revision, created_at, updated_at)
      values (${id}, ${id}, ${[...APPS]}, 'enforce', 1, now(), now())`;
  }
  for (const kid of KIDS) {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { kty = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
    await db.owner.sql`insert into signing_keys (kid, public_jwk, sealed_private_key, state, created_at)
      values (${kid}, ${JSON.stringify({ kty, crv, x, y })}::jsonb, 'sealed', 'active', now())`;
  }
});
afterAll(() => db.close());

const responder = steppedUp(actorWith('responder'));
const APIS = ['api-a', 'api-b'] as const;
const KIDS = ['kid-a', 'kid-b'] as const;

/** A token that a relying party asks about, in seconds of its issue after the first moment of the world. */
interface Token {
  readonly iat: number;
  readonly kid: string;
  readonly apiId: string;
}

/** Everything that was cut off, and nothing that any code of the product knows of it. */
interface ModelCutOff {
  readonly scope: CutOffScope;
  readonly target: string;
  readonly notBeforeSeconds: number;
}

/** What is blocked and what is cut off. */
class Model {
  blocks = new ModelBlockList();
  cutOffs: ModelCutOff[] = [];

  copy(): Model {
    const copy = new Model();
    copy.blocks.entries = [...this.blocks.entries];
    copy.cutOffs = [...this.cutOffs];
    return copy;
  }

  isCutOff(facts: BlockFacts, { iat, kid, apiId }: Token): boolean {
    const concern: Record<CutOffScope, string> = {
      organisation: 'default',
      app: facts.appId,
      signing_key: kid,
      api: apiId,
      instance: facts.instanceId ?? '',
    };
    return this.cutOffs.some(
      ({ scope, target, notBeforeSeconds }) => concern[scope] === target && iat < notBeforeSeconds,
    );
  }
}

/** What a node makes of a token, as far as cut-offs and blocks go. */
function answerOf({ cutOffs, blocks }: Snapshot, facts: BlockFacts, token: Token, nowMs: number) {
  const { iat, kid, apiId } = token;
  const subject = { appId: facts.appId, instanceId: facts.instanceId ?? '', kid, apiId };
  return iat < cutOffs.secondsFor(subject) ? 'revoked' : blocks.decide(facts, nowMs);
}

/** The product: a database, two nodes that nobody wakes unless a command does, and a clock that only commands move. */
class World {
  readonly clock = fixedClock(Date.now() + 60_000);
  readonly nodes: SnapshotFollower[] = [];
  /** What the model was after each change of the feed, and at the beginning of each epoch. */
  readonly models = new Map<string, Model>();
  readonly model = new Model();
  made: BlockEntry[] = [];
  /** Moments of tokens and cut-offs count from here, some way back: nothing is cut off in the future. */
  readonly firstSeconds = Math.floor(Date.now() / 1000) - 1_000;

  static async start(): Promise<World> {
    await db.owner.sql`delete from blocks`;
    await db.owner.sql`update change_feed set epoch = gen_random_uuid()`;
    await db.owner.sql`delete from cut_offs`;
    const world = new World();
    world.nodes.push(await loadNode(), await loadNode());
    await world.remember();
    return world;
  }

  get context() {
    return { db: db.console, actor: responder, clock: this.clock };
  }

  /** Files a copy of the model under the feed's present position. */
  async remember(): Promise<void> {
    const { epoch, seq } = await readFeedPosition(db.console.orm);
    this.models.set(`${epoch} ${seq}`, this.model.copy());
  }

  isInForce(about: Omit<BlockEntry, 'id' | 'expiresAtMs'>): boolean {
    return this.model.blocks.entries.some(
      ({ scope, appId, target, effect, expiresAtMs }) =>
        scope === about.scope &&
        appId === about.appId &&
        target === about.target &&
        effect === about.effect &&
        (expiresAtMs === null || expiresAtMs > this.clock.nowMs()),
    );
  }
}

const loadNode = () =>
  SnapshotFollower.load({ db: db.service, clock: new DatabaseClock(), logger: silentLogger });

/** What the product makes of an app that a decision of this scope is stated for. */
function settled(about: Omit<BlockEntry, 'id' | 'expiresAtMs'>): Omit<BlockEntry, 'id' | 'expiresAtMs'> {
  if (about.scope === 'instance') return { ...about, appId: 'bank' };
  if (about.scope === 'app') return { ...about, appId: about.target };
  return about.scope === 'app_version' && about.appId === null ? { ...about, appId: 'bank' } : about;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

type Command = fc.AsyncCommand<{ ignored: true }, World>;

class Put implements Command {
  constructor(
    readonly stated: Omit<BlockEntry, 'id' | 'expiresAtMs'>,
    readonly durationSeconds: number | null,
  ) {}
  check = () => true;
  async run(_: unknown, world: World): Promise<void> {
    const about = settled(this.stated);
    const { effect, ...rest } = about;
    const durationSeconds = effect === 'allow' ? (this.durationSeconds ?? 30) : this.durationSeconds;
    const contradicts = effect === 'refuse' && world.isInForce({ ...about, effect: 'allow' });
    const expected = contradicts
      ? 'block_contradicts_allow'
      : world.isInForce(about)
        ? 'block_already_active'
        : 'done';
    let id = '';
    const common = { ...rest, reason: 'a test', durationSeconds };
    const work =
      effect === 'allow'
        ? allow(world.context, { ...common, durationSeconds: durationSeconds ?? 30, owner: 'somebody' })
        : createBlock(world.context, { ...common, effect });
    const outcome = await codeOf(work.then((view) => ({ id } = view)));
    expect(outcome).toBe(expected);
    if (outcome !== 'done') return;
    const expiresAtMs = durationSeconds === null ? null : world.clock.nowMs() + durationSeconds * 1000;
    const entry = { ...about, id, expiresAtMs };
    world.made.push(entry);
    world.model.blocks.set(entry);
    await world.remember();
  }
  toString = () => `put(${JSON.stringify(this.stated)}, ${this.durationSeconds})`;
}

class Lift implements Command {
  constructor(readonly which: number) {}
  check = () => true;
  async run(_: unknown, world: World): Promise<void> {
    const entry = world.made[this.which % Math.max(1, world.made.length)];
    if (entry === undefined) return;
    const stands = world.model.blocks.entries.find(({ id }) => id === entry.id);
    const isInForce = stands !== undefined && world.isInForce(stands);
    const outcome = await codeOf(liftBlock(world.context, { id: entry.id, reason: 'a test' }));
    expect(outcome).toBe(isInForce ? 'done' : 'block_already_lifted');
    if (outcome !== 'done') return;
    world.model.blocks.end(entry.id);
    await world.remember();
  }
  toString = () => `lift(${this.which})`;
}

class Wait implements Command {
  constructor(readonly ms: number) {}
  check = () => true;
  async run(_: unknown, world: World): Promise<void> {
    world.clock.advance(this.ms);
  }
  toString = () => `wait(${this.ms})`;
}

/** The wake-up, or the poll, comes to a node at last. */
class Deliver implements Command {
  constructor(readonly which: number) {}
  check = () => true;
  async run(_: unknown, world: World): Promise<void> {
    await caughtUp(world.nodes[this.which]);
  }
  toString = () => `deliver(${this.which})`;
}

class Restart implements Command {
  constructor(readonly which: number) {}
  check = () => true;
  async run(_: unknown, world: World): Promise<void> {
    world.nodes[this.which] = await loadNode();
  }
  toString = () => `restart(${this.which})`;
}

class CutOff implements Command {
  constructor(
    readonly scope: CutOffScope,
    readonly target: string,
    readonly second: number,
  ) {}
  check = () => true;
  async run(_: unknown, world: World): Promise<void> {
    const { scope, target } = this;
    const notBeforeSeconds = world.firstSeconds + this.second;
    const isCovered = world.model.cutOffs.some(
      (one) => one.scope === scope && one.target === target && one.notBeforeSeconds >= notBeforeSeconds,
    );
    const notBefore = new Date(notBeforeSeconds * 1000).toISOString();
    const outcome = await codeOf(cutOff(world.context, { scope, target, notBefore, reason: 'a test' }));
    expect(outcome).toBe(isCovered ? 'cut_off_not_later' : 'done');
    if (outcome !== 'done') return;
    world.model.cutOffs.push({ scope, target, notBeforeSeconds });
    await world.remember();
  }
  toString = () => `cutOff(${this.scope} ${this.target}, ${this.second})`;
}

/** The feed begins anew, as after a restore: every node has to load everything again, and all tokens of before are cut off. */
class NewEpoch implements Command {
  check = () => true;
  async run(_: unknown, world: World): Promise<void> {
    await db.owner.sql`update change_feed set epoch = gen_random_uuid()`;
    const [latest] = await db.owner.sql<{ seconds: number }[]>`
      select extract(epoch from max(not_before))::float8 as seconds from cut_offs where scope = 'organisation'`;
    const notBeforeSeconds = latest?.seconds ?? Number.NaN;
    expect(notBeforeSeconds).toBeGreaterThan(world.firstSeconds + LATEST_SECOND);
    world.model.cutOffs.push({ scope: 'organisation', target: 'default', notBeforeSeconds });
    await world.remember();
  }
  toString = () => 'newEpoch';
}

/** Each node decides as the model did at the change that the node has come to. */
class Ask implements Command {
  constructor(
    readonly facts: BlockFacts,
    readonly token: Token,
  ) {}
  check = () => true;
  async run(_: unknown, world: World): Promise<void> {
    const nowMs = world.clock.nowMs();
    const token = { ...this.token, iat: world.firstSeconds + this.token.iat };
    for (const { snapshot } of world.nodes) {
      const model = world.models.get(`${snapshot.epoch} ${snapshot.seq}`);
      if (model === undefined) throw new Error(`no change leads to ${snapshot.epoch} ${snapshot.seq}`);
      const expected = model.isCutOff(this.facts, token) ? 'revoked' : model.blocks.decide(this.facts, nowMs);
      expect(answerOf(snapshot, this.facts, token, nowMs)).toEqual(expected);
    }
  }
  toString = () => `ask(${JSON.stringify(this.facts)}, ${JSON.stringify(this.token)})`;
}

async function caughtUp(node: SnapshotFollower | undefined): Promise<void> {
  if (node === undefined) return;
  const head = await readFeedPosition(db.console.orm);
  node.wake();
  await expect
    .poll(() => [node.snapshot.epoch, node.snapshot.seq], { interval: 2, timeout: 5_000 })
    .toEqual([head.epoch, head.seq]);
}

const seconds = fc.option(fc.integer({ min: 1, max: 50 }));
/** Tokens and cut-offs are of these seconds, so that they meet; a token that is newer than everything is asked about as often. */
const LATEST_SECOND = 6;
const NEWER_THAN_ALL = 1_000_000;
const second = fc.nat(LATEST_SECOND);
const tokenArbitrary: fc.Arbitrary<Token> = fc.record({
  iat: fc.oneof(second, fc.constant(NEWER_THAN_ALL)),
  kid: fc.constantFrom(...KIDS),
  apiId: fc.constantFrom(...APIS),
});
const CUT_OFF_TARGETS: readonly (readonly [CutOffScope, string])[] = [
  ['organisation', 'default'],
  ...APPS.map((app) => ['app', app] as const),
  ...KIDS.map((kid) => ['signing_key', kid] as const),
  ...APIS.map((api) => ['api', api] as const),
  ...TARGETS.instance.map((id) => ['instance', id] as const),
];
const putArbitrary = fc
  .tuple(aboutArbitrary, seconds)
  .map(([about, duration]): Command => new Put(about, duration));
const askArbitrary = fc
  .tuple(factsArbitrary, tokenArbitrary)
  .map(([facts, token]): Command => new Ask(facts, token));

test('every node decides as a simple list of what was done, however late it hears of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands(
        [
          putArbitrary,
          putArbitrary,
          fc.nat(50).map((which) => new Lift(which)),
          fc
            .tuple(fc.constantFrom(...CUT_OFF_TARGETS), second)
            .map(([[scope, target], moment]) => new CutOff(scope, target, moment)),
          fc.integer({ min: 1, max: 30_000 }).map((ms) => new Wait(ms)),
          fc.nat(1).map((which) => new Deliver(which)),
          fc.nat(1).map((which) => new Restart(which)),
          fc.constant(new NewEpoch()),
          askArbitrary,
          askArbitrary,
          askArbitrary,
        ],
        { maxCommands: 60, size: 'max' },
      ),
      async (commands) => {
        const world = await World.start();
        await fc.asyncModelRun(() => ({ model: { ignored: true as const }, real: world }), commands);
        // Whatever was lost on the way: in the end both know everything, and agree about everybody.
        for (const node of world.nodes) await caughtUp(node);
        for (const ask of fc.sample(askArbitrary, 20)) await ask.run({ ignored: true }, world);
      },
    ),
    { numRuns: 15 },
  );
}, 180_000);
