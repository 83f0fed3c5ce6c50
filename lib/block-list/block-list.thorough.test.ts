import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BlockEntry, type BlockFacts, BlockList } from './index';
import { aboutArbitrary, factsArbitrary, ModelBlockList } from './testing';

interface World {
  list: BlockList;
  model: ModelBlockList;
  nowMs: number;
  made: BlockEntry[];
}

const idOf = (number: number) => `01920000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

type Command = fc.Command<{ ignored: true }, World>;

class Put implements Command {
  constructor(
    readonly about: Omit<BlockEntry, 'id' | 'expiresAtMs'>,
    readonly lifeMs: number | null,
  ) {}
  check = () => true;
  run(_: unknown, world: World): void {
    const entry: BlockEntry = {
      ...this.about,
      id: idOf(world.made.length),
      expiresAtMs: this.lifeMs === null ? null : world.nowMs + this.lifeMs,
    };
    world.made.push(entry);
    expect(world.list.set(entry)).toBe(true);
    world.model.set(entry);
  }
  toString = () => `put(${JSON.stringify(this.about)}, ${this.lifeMs})`;
}

class End implements Command {
  constructor(readonly which: number) {}
  check = () => true;
  run(_: unknown, world: World): void {
    const entry = world.made[this.which % Math.max(1, world.made.length)];
    if (entry === undefined) return;
    world.list.end(entry);
    world.model.end(entry.id);
  }
  toString = () => `end(${this.which})`;
}

class Wait implements Command {
  constructor(readonly ms: number) {}
  check = () => true;
  run(_: unknown, world: World): void {
    world.nowMs += this.ms;
  }
  toString = () => `wait(${this.ms})`;
}

class Sweep implements Command {
  check = () => true;
  run(_: unknown, world: World): void {
    world.list.dropEnded(world.nowMs);
  }
  toString = () => 'sweep';
}

/** A new list from what is in force, as a node that starts or reloads makes one. */
class Reload implements Command {
  check = () => true;
  run(_: unknown, world: World): void {
    world.list = new BlockList(world.model.entries.length);
    for (const entry of world.model.entries) world.list.set(entry);
  }
  toString = () => 'reload';
}

class Ask implements Command {
  constructor(readonly facts: BlockFacts) {}
  check = () => true;
  run(_: unknown, { list, model, nowMs }: World): void {
    expect(list.decide(this.facts, nowMs)).toEqual(model.decide(this.facts, nowMs));
  }
  toString = () => `ask(${JSON.stringify(this.facts)})`;
}

const lifeMs = fc.option(fc.integer({ min: 1, max: 50 }));

test('decides as a list does that is walked from end to end, whatever was done to it', () => {
  fc.assert(
    fc.property(
      fc.commands(
        [
          fc.tuple(aboutArbitrary, lifeMs).map(([about, life]) => new Put(about, life)),
          fc.nat(200).map((which) => new End(which)),
          fc.integer({ min: 1, max: 30 }).map((ms) => new Wait(ms)),
          fc.constant(new Sweep()),
          fc.constant(new Reload()),
          factsArbitrary.map((facts) => new Ask(facts)),
          factsArbitrary.map((facts) => new Ask(facts)),
        ],
        { maxCommands: 120, size: 'max' },
      ),
      (commands) => {
        const world = { list: new BlockList(), model: new ModelBlockList(), nowMs: 1_000, made: [] };
        fc.modelRun(() => ({ model: { ignored: true as const }, real: world }), commands);
      },
    ),
    { numRuns: 1_500 },
  );
});
