import { describe, expect, test } from 'vitest';
import { localise, siblingsHeld } from './detect';
import { findingOf, rankFindings } from './findings';
import { type Affected, EVERYTHING, type Jump, rateOf } from './model';
import { readJump } from './read-jump';
import { type Leaf, leavesOf, type Scenario, viewOf } from './testing/leaves';

const QUIET: Scenario = { events: 25, usualRate: 0.004, rateNow: () => null };
const AFFECTED: Affected = { devices: 40, events: 50, hosted: 1, sinceMs: 0 };

const jumpsIn = (scenario: Scenario): Promise<Jump[]> => jumpsAmong(leavesOf(scenario));
const jumpsAmong = (leaves: readonly Leaf[]): Promise<Jump[]> =>
  localise('bank', 'hooks', viewOf(leaves, EVERYTHING), async (cell) => viewOf(leaves, cell));

describe('a jump', () => {
  test('on one OS version is one finding for any model, app version and country', async () => {
    const jumps = await jumpsIn({ ...QUIET, rateNow: (leaf) => (leaf.osVersion === '26.6' ? 0.97 : null) });
    expect(jumps).toHaveLength(1);
    expect(jumps[0]?.cell).toEqual({ ...EVERYTHING, platform: 'ios', osVersion: '26.6' });
    expect(rateOf(jumps[0]?.counts.now ?? { hits: 0, events: 0 })).toBeGreaterThan(0.9);
    expect(rateOf(jumps[0]?.siblings?.now ?? { hits: 1, events: 1 })).toBeLessThan(0.01);
  });

  test.each([
    ['platform', { platform: 'ios' }],
    ['app version', { appVersion: '5.5.0' }],
    ['model', { model: 'Pixel 9' }],
    ['country', { country: 'PL' }],
    ['OS and app version', { platform: 'android', osVersion: '16', appVersion: '5.4.0' }],
    ['model and country', { model: 'SM-S938B', country: 'DE' }],
    [
      'OS version, model and country',
      { platform: 'ios', osVersion: '26.5', model: 'iPhone18,1', country: 'FR' },
    ],
  ] as const)('by %s is found there and nowhere else', async (_, where) => {
    const inside = (leaf: Readonly<Record<string, string>>) =>
      Object.entries(where).every(([dimension, value]) => leaf[dimension] === value);
    const jumps = await jumpsIn({ ...QUIET, rateNow: (leaf) => (inside(leaf as never) ? 0.9 : null) });
    expect(jumps.map((jump) => jump.cell)).toEqual([{ ...EVERYTHING, ...where }]);
  });

  test('in two countries is two findings', async () => {
    const jumps = await jumpsIn({
      ...QUIET,
      rateNow: ({ country }) => (country === 'DE' || country === 'NL' ? 0.3 : null),
    });
    expect(jumps.map((jump) => jump.cell.country).sort()).toEqual(['DE', 'NL']);
  });

  test('everywhere is one finding without siblings', async () => {
    const jumps = await jumpsIn({ ...QUIET, rateNow: () => 0.2 });
    expect(jumps).toMatchObject([{ cell: EVERYTHING, siblings: null }]);
  });

  test('on an OS version that did not exist before is held against the others', async () => {
    const leaves = leavesOf({ ...QUIET, rateNow: (leaf) => (leaf.osVersion === '17' ? 0.5 : null) });
    const born = leaves.map((leaf) =>
      leaf.osVersion === '17'
        ? { ...leaf, counts: { ...leaf.counts, past: leaf.counts.past.map(() => ({ hits: 0, events: 0 })) } }
        : leaf,
    );
    const [jump] = await jumpsAmong(born);
    expect(jump?.cell).toMatchObject({ osVersion: '17', model: null, country: null });
  });

  test('is still one after it has been there for two days', async () => {
    const leaves = leavesOf({ ...QUIET, rateNow: (leaf) => (leaf.osVersion === '26.6' ? 0.97 : null) });
    const lasting = leaves.map((leaf) => {
      const { now, past } = leaf.counts;
      return { ...leaf, counts: { now, past: past.map((count, day) => (day < 2 ? now : count)) } };
    });
    expect((await jumpsAmong(lasting)).map((jump) => jump.cell.osVersion)).toEqual(['26.6']);
  });

  test.each([
    ['nothing happens', QUIET],
    ['there are only more attestations', { ...QUIET, growth: () => 5 }],
    ['a rate falls', { ...QUIET, usualRate: 0.2, rateNow: () => 0.01 }],
    ['a rate rises by less than a hundredth', { ...QUIET, events: 400, rateNow: () => 0.012 }],
    ['a frequent signal rises by less than half', { ...QUIET, usualRate: 0.3, rateNow: () => 0.4 }],
  ] as const)('is not found where %s', async (_, scenario) => {
    expect(await jumpsIn(scenario)).toEqual([]);
  });

  test('is not found where the past went up and down as much', async () => {
    const leaves = leavesOf({ ...QUIET, usualRate: 0.02, rateNow: () => 0.06 });
    const restless = leaves.map((leaf) => {
      const past = leaf.counts.past.map(({ events }, day) => ({ events, hits: day % 2 === 0 ? 2 : 0 }));
      return { ...leaf, counts: { ...leaf.counts, past } };
    });
    expect(await jumpsAmong(restless)).toEqual([]);
  });
});

describe('the reading of a jump', () => {
  const one = async (scenario: Scenario): Promise<Jump> => {
    const [jump] = await jumpsIn(scenario);
    if (!jump) throw new Error('nothing was found');
    return jump;
  };
  const release = {
    ...QUIET,
    rateNow: ({ osVersion }: { osVersion: string }) => (osVersion === '26.6' ? 0.97 : null),
  };
  const country = { ...QUIET, rateNow: (leaf: { country: string }) => (leaf.country === 'PL' ? 0.3 : null) };

  test('is a probable false positive where one OS version jumps and its siblings hold', async () => {
    const jump = await one(release);
    expect(siblingsHeld(jump)).toBe(true);
    expect(readJump(jump, AFFECTED)).toBe('probable_false_positive');
  });

  test('is a probable attack where it comes from one country, across versions', async () => {
    expect(readJump(await one(country), AFFECTED)).toBe('probable_attack');
  });

  test('is a probable attack where it comes from hosting networks, whatever the build', async () => {
    expect(readJump(await one(release), { ...AFFECTED, hosted: 30 })).toBe('probable_attack');
  });

  test('is unclear where there are many more attestations of that build than usual', async () => {
    const jump = await one({ ...release, growth: ({ osVersion }) => (osVersion === '26.6' ? 4 : 1) });
    expect(readJump(jump, AFFECTED)).toBe('unclear');
  });

  test('is unclear where it is everywhere', async () => {
    expect(readJump(await one({ ...QUIET, rateNow: () => 0.2 }), AFFECTED)).toBe('unclear');
  });
});

describe('findings', () => {
  const finding = async (signal: string, devices: number, events = 60) => {
    const [jump] = await jumpsIn({ ...QUIET, rateNow: (leaf) => (leaf.osVersion === '26.6' ? 0.97 : null) });
    if (!jump) throw new Error('nothing was found');
    return findingOf({ ...jump, signal }, jump.counts.now, { ...AFFECTED, devices, events }, 'Retail Bank');
  };

  test('have the same id whenever they are asked for, and another one for another cell', async () => {
    const [first, second, other] = [
      await finding('hooks', 40),
      await finding('hooks', 50),
      await finding('root', 40),
    ];
    expect(first?.id).toBe(second?.id);
    expect(first?.id).not.toBe(other?.id);
  });

  test('concern several devices, and are no louder for one device that repeats itself', async () => {
    expect(await finding('hooks', 5)).toBeNull();
    const loud = await finding('hooks', 40, 4_000);
    expect(loud?.score).toBeLessThan((await finding('hooks', 40))?.score ?? 0);
  });

  test('come with most devices first, and an outcome is not told again beside what it came from', async () => {
    const findings = [
      await finding('verdict:rejected', 41),
      await finding('hooks', 40),
      await finding('root', 90),
    ];
    const ranked = rankFindings(findings.flatMap((one) => one ?? []));
    expect(ranked.map((one) => one.signal)).toEqual(['root', 'hooks']);
  });
});
