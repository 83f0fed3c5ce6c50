import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedApp, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import type { BlockEntry, BlockFacts } from '@/lib/block-list';
import { APPS, aboutArbitrary, factsArbitrary, ModelBlockList, TARGETS } from '@/lib/block-list/testing';
import { allow, createBlock, liftBlock } from '@/lib/blocks';
import { readFeedPosition } from '@/lib/changes';
import { AppError, fixedClock, silentLogger } from '@/lib/core';
import { DatabaseClock } from '@/lib/db';
import { SnapshotFollower } from './follow';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  for (const app of APPS) await seedApp(db.owner, app);
  for (const id of TARGETS.instance) await seedInstance(db.owner, 'bank', { id });
});
afterAll(() => db.close());

const responder = actorWith('responder');

/** The product: a database, two nodes that nobody wakes unless a command does, and a clock that only commands move. */
class World {
  readonly clock = fixedClock(Date.now() + 60_000);
  readonly nodes: SnapshotFollower[] = [];
  /** What the model was after each change of the feed. */
  readonly models = new Map<number, ModelBlockList>();
  model = new ModelBlockList();
  made: BlockEntry[] = [];

  static async start(): Promise<World> {
    await db.owner.sql`delete from blocks`;
    await db.owner.sql`update change_feed set epoch = gen_random_uuid()`;
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
    const { seq } = await readFeedPosition(db.console.orm);
    const copy = new ModelBlockList();
    copy.entries = [...this.model.entries];
    this.models.set(seq, copy);
  }

  isInForce(about: Omit<BlockEntry, 'id' | 'expiresAtMs'>): boolean {
    return this.model.entries.some(
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
    world.model.set(entry);
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
    const stands = world.model.entries.find(({ id }) => id === entry.id);
    const isInForce = stands !== undefined && world.isInForce(stands);
    const outcome = await codeOf(liftBlock(world.context, { id: entry.id, reason: 'a test' }));
    expect(outcome).toBe(isInForce ? 'done' : 'block_already_lifted');
    if (outcome !== 'done') return;
    world.model.end(entry.id);
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

/** The feed begins anew, as after a restore: every node has to load everything again. */
class NewEpoch implements Command {
  check = () => true;
  async run(): Promise<void> {
    await db.owner.sql`update change_feed set epoch = gen_random_uuid()`;
  }
  toString = () => 'newEpoch';
}

/** Each node decides as the model did at the change that the node has come to. */
class Ask implements Command {
  constructor(readonly facts: BlockFacts) {}
  check = () => true;
  async run(_: unknown, world: World): Promise<void> {
    const nowMs = world.clock.nowMs();
    for (const { snapshot } of world.nodes) {
      const model = world.models.get(snapshot.seq);
      expect(model).toBeDefined();
      expect(snapshot.blocks.decide(this.facts, nowMs)).toEqual(model?.decide(this.facts, nowMs));
    }
  }
  toString = () => `ask(${JSON.stringify(this.facts)})`;
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

test('every node decides as a simple list of what was done, however late it hears of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands(
        [
          fc.tuple(aboutArbitrary, seconds).map(([about, duration]) => new Put(about, duration)),
          fc.tuple(aboutArbitrary, seconds).map(([about, duration]) => new Put(about, duration)),
          fc.nat(50).map((which) => new Lift(which)),
          fc.integer({ min: 1, max: 30_000 }).map((ms) => new Wait(ms)),
          fc.nat(1).map((which) => new Deliver(which)),
          fc.nat(1).map((which) => new Restart(which)),
          fc.constant(new NewEpoch()),
          factsArbitrary.map((facts) => new Ask(facts)),
          factsArbitrary.map((facts) => new Ask(facts)),
          factsArbitrary.map((facts) => new Ask(facts)),
        ],
        { maxCommands: 60, size: 'max' },
      ),
      async (commands) => {
        const world = await World.start();
        await fc.asyncModelRun(() => ({ model: { ignored: true as const }, real: world }), commands);
        // Whatever was lost on the way: in the end both know everything, and agree about everybody.
        for (const node of world.nodes) await caughtUp(node);
        for (const facts of fc.sample(factsArbitrary, 20)) await new Ask(facts).run(undefined, world);
      },
    ),
    { numRuns: 25 },
  );
}, 180_000);
