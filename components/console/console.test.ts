import { describe, expect, it } from 'vitest';
import type { NodesView, PartiesProgress, PropagationView } from '@/lib/contracts';
import { appChoiceLabel } from './app-choice';
import { carryView, isCurrent, NAVIGATION } from './navigation';
import { summariseNodes } from './node-summary';
import { paletteTargets } from './palette-targets';
import { isSettled, propagationNodes, summariseParties, summarisePropagation } from './propagation-summary';
import { initials } from './shell-user';
import { readShortcut } from './shortcuts';
import { timeRangeLabel } from './time-range-label';

const SEEN = '2026-03-03T12:00:00.000Z';

describe('navigation', () => {
  it('keeps range and apps between pages, and nothing else', () => {
    const search = new URLSearchParams('range=1h&app=a&app=b&event=1&hide=model');
    expect(carryView('/devices', search)).toBe('/devices?range=1h&app=a&app=b');
    expect(carryView('/devices', new URLSearchParams())).toBe('/devices');
  });

  it('marks an item for its own page and those below it only', () => {
    const devices = NAVIGATION.flatMap((group) => group.items).find((item) => item.href === '/devices');
    if (devices === undefined) throw new Error('There is no devices page.');
    expect(['/devices', '/devices/1', '/devices-2', '/'].map((path) => isCurrent(devices, path))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('has one shortcut per page', () => {
    const keys = NAVIGATION.flatMap((group) => group.items.map((item) => item.key));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('shortcuts', () => {
  const press = (key: string, modifiers = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...modifiers,
  });

  it('opens the palette also while somebody types, and does nothing else then', () => {
    expect(readShortcut(press('k', { metaKey: true }), null, true)).toEqual({ kind: 'palette' });
    expect(readShortcut(press('p'), null, true)).toBeUndefined();
  });

  it('goes to a page by two keys', () => {
    expect(readShortcut(press('a'), 'g', false)).toEqual({ kind: 'go', href: '/attestations' });
    expect(readShortcut(press('a'), null, false)).toBeUndefined();
    expect(readShortcut(press('z'), 'g', false)).toBeUndefined();
  });

  it('leaves the browser its own chords', () => {
    expect(readShortcut(press('p', { ctrlKey: true }), null, false)).toBeUndefined();
    expect(readShortcut(press('?'), null, false)).toEqual({ kind: 'help' });
  });
});

describe('palette', () => {
  it('recognises a reference however it was read out', () => {
    expect(paletteTargets(' k7qf2m9d ')[0]?.href).toBe('/attestations?event=K7QF-2M9D');
    expect(paletteTargets('k7qf-2mo1')[0]?.value).toBe('K7QF-2M01');
  });

  it('recognises a device id and nothing in other words', () => {
    const id = '0195a1b2-1234-7abc-8def-0123456789ab';
    expect(paletteTargets(id.toUpperCase())[0]?.href).toBe(`/devices/${id}`);
    expect(paletteTargets('pixel 9')).toEqual([]);
  });
});

describe('node summary', () => {
  const node = (id: string, over: Partial<NodesView['nodes'][number]> = {}) => ({
    id,
    version: '1',
    startedAt: SEEN,
    lastSeenAt: SEEN,
    appliedSeq: 48_213,
    clockSkewMs: 0,
    alive: true,
    unsupportedPolicies: 0,
    ...over,
  });
  const view = (nodes: NodesView['nodes']): NodesView => ({
    headSeq: 48_213,
    nodes,
    lastPropagationMs: 84,
    replicaLagMs: null,
  });

  it.each([
    ['all in step', [node('a'), node('b')], 'trusted', '2 nodes enforcing', 'seq 48,213 · 84 ms'],
    [
      'one behind',
      [node('a'), node('b', { appliedSeq: 1 })],
      'flagged',
      '1 of 2 nodes enforcing',
      'seq 48,213 · 1 behind',
    ],
    [
      'one away',
      [node('a'), node('b', { alive: false })],
      'trusted',
      '1 node enforcing',
      'seq 48,213 · 84 ms',
    ],
    [
      'clocks apart',
      [node('a', { clockSkewMs: -7_000 })],
      'flagged',
      '1 node enforcing',
      'seq 48,213 · clocks differ',
    ],
    [
      'one too old for what it must obey',
      [node('a'), node('b', { unsupportedPolicies: 2 })],
      'rejected',
      '1 of 2 nodes enforcing',
      'seq 48,213 · 1 too old for a policy',
    ],
    ['none alive', [node('a', { alive: false })], 'rejected', 'No node is running', 'seq 48,213'],
  ] as const)('tells when %s', (_case, nodes, mark, title, detail) => {
    expect(summariseNodes(view([...nodes]))).toEqual({ mark, title, detail });
  });
});

describe('propagation', () => {
  const view = (latencies: readonly (number | null)[]): PropagationView => {
    const given = latencies.filter((latency) => latency !== null);
    return {
      seq: 9,
      committedAt: SEEN,
      enforced: given.length === latencies.length,
      enforcedNodes: given.length,
      totalNodes: latencies.length,
      slowestMs: given.length === 0 ? null : Math.max(...given),
      nodes: latencies.map((latencyMs, index) => ({
        nodeId: `n${index}`,
        latencyMs,
        alive: index < 2,
        lastSeenAt: SEEN,
      })),
      relyingParties: null,
    };
  };

  it('tells of relying parties by their own word, and that one that verifies locally hears of no block', () => {
    const parties = (over: Partial<PartiesProgress>): PropagationView => ({
      ...view([61]),
      relyingParties: { told: true, applied: 1, due: 2, away: 0, slowestMs: 9, listed: [], ...over },
    });
    expect(summariseParties(view([61]))).toBeNull();
    expect(isSettled(parties({}))).toBe(false);
    expect(summariseParties(parties({}))?.title).toBe('Applied by 1 of 2 relying parties');
    expect(summariseParties(parties({ applied: 2, away: 1 }))).toEqual({
      mark: 'flagged',
      title: 'Applied by 2 of 2 relying parties, 1 away',
    });
    expect(isSettled(parties({ told: false, applied: 0 }))).toBe(true);
    expect(summariseParties(parties({ told: false, applied: 0 }))?.title).toContain('Not told to 2');
  });

  it('says enforced only when every node has acknowledged', () => {
    expect(summarisePropagation(undefined)).toMatchObject({ mark: 'unknown', figure: null });
    expect(summarisePropagation(view([61, null, null])).title).toBe('Pending: enforced on 1 of 3 nodes');
    expect(summarisePropagation(view([61, 84]))).toEqual({
      mark: 'trusted',
      title: 'Enforced on 2 of 2 nodes',
      figure: '84 ms',
    });
  });

  it('does not call enforced what no node is there to enforce', () => {
    expect(summarisePropagation(view([])).mark).toBe('flagged');
  });

  it('lists laggards last and tells those that are away from those that are late', () => {
    const nodes = propagationNodes(view([84, null, null]));
    expect(nodes.map((node) => [node.nodeId, node.text, node.lagging])).toEqual([
      ['n0', '84 ms', false],
      ['n1', 'not yet', true],
      ['n2', 'away', true],
    ]);
  });
});

describe('labels', () => {
  it('names the apps being looked at', () => {
    const apps = [{ id: 'bank', name: 'Retail Bank' }];
    expect([[], ['bank'], ['gone'], ['a', 'b']].map((selected) => appChoiceLabel(selected, apps))).toEqual([
      'All apps',
      'Retail Bank',
      'gone',
      '2 apps',
    ]);
  });

  it('names a period without repeating its day', () => {
    const fromMs = Date.UTC(2026, 2, 3, 14, 30);
    const label = (hours: number) =>
      timeRangeLabel({ kind: 'absolute', fromMs, toMs: fromMs + hours * 3_600_000 }, 'UTC');
    expect(label(1)).toBe('3 Mar 14:30 to 15:30');
    expect(label(24)).toBe('3 Mar 14:30 to 4 Mar 14:30');
    expect(timeRangeLabel({ kind: 'named', name: '24h' }, 'UTC')).toBe('Last 24 hours');
  });

  it('makes initials of any name', () => {
    const of = (name: string) => initials({ name, email: 'ops@example.org' });
    expect([of('Sam Q. Admin'), of('Sam'), of(''), of('Élodie Ñ')]).toEqual(['SA', 'S', 'O', 'ÉÑ']);
  });
});
