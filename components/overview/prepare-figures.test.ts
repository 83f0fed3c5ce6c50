import { expect, test } from 'vitest';
import type { NodesView, Overview } from '@/lib/contracts';
import { prepareExpiry, prepareFigures } from './prepare-figures';

const AT = '2026-03-03T12:00:00.000Z';
const VIEW = { range: { kind: 'named', name: '1h' }, apps: ['retail-bank'], facets: {} } as const;

function overview(change: Partial<Overview> = {}): Overview {
  const counts = { trusted: 8, flagged: 1, restricted: 0, rejected: 1 };
  return {
    from: AT,
    to: AT,
    attestationsPerMinute: { now: 120, previous: 100 },
    passRate: { now: 0.9, previous: 0.92 },
    devicesRejected: { now: 30, previous: 10 },
    refusedRequests: { now: 5, previous: 4 },
    activeBlocks: 2,
    series: {
      from: AT,
      to: AT,
      bucketSeconds: 60,
      points: [
        { at: AT, counts: null, incomplete: false },
        { at: AT, counts, incomplete: false },
        { at: AT, counts: null, incomplete: false },
        { at: AT, counts: { trusted: 0, flagged: 0, restricted: 0, rejected: 0 }, incomplete: false },
        { at: AT, counts, incomplete: true },
      ],
      markers: [],
    },
    topThreats: [],
    versionThreat: { threats: [], rows: [] },
    countries: [],
    networks: [],
    requests: [],
    ...change,
  };
}

function nodes(appliedSeqs: readonly number[], lastPropagationMs = 84): NodesView {
  return {
    headSeq: 7,
    lastPropagationMs,
    replicaLagMs: null,
    nodes: appliedSeqs.map((appliedSeq, index) => ({
      id: `node-${index}`,
      version: '1',
      startedAt: AT,
      lastSeenAt: AT,
      appliedSeq,
      clockSkewMs: 0,
      unsupportedPolicies: 0,
      alive: true,
    })),
  };
}

const figure = (label: string, change?: Partial<Overview>, known?: NodesView) =>
  prepareFigures(overview(change), known, VIEW).find((one) => one.label === label);

test('every figure leads to the rows behind it, in the period and the apps that are looked at', () => {
  const hrefs = prepareFigures(overview(), undefined, VIEW).map((one) => one.href);
  expect(hrefs).toEqual([
    '/attestations?range=1h&app=retail-bank',
    '/attestations?range=1h&app=retail-bank',
    '/attestations?range=1h&app=retail-bank&verdict=rejected',
    '#requests',
    '/devices?app=retail-bank&blocked=true',
  ]);
});

test('a course begins with the first record, leaves out the bucket that is still filling, and has a gap where nothing was recorded', () => {
  expect(figure('Attestations / min')?.course?.values).toEqual([10, null, 0]);
});

test('a bucket without attestations has no pass rate, which is not one of 0 %', () => {
  expect(figure('Pass rate')?.course?.values).toEqual([0.9, null, null]);
});

test('only what got worse is coloured', () => {
  expect(figure('Pass rate')?.note).toEqual({ text: '−2.0 pt', tone: 'rejected' });
  expect(figure('Devices rejected')?.note?.tone).toBe('rejected');
  expect(figure('Refused requests')?.note?.tone).toBeUndefined();
  expect(figure('Attestations / min')?.note?.tone).toBeUndefined();
});

test('without anything to compare with, nothing is said of a change', () => {
  const change = {
    attestationsPerMinute: { now: 3, previous: null },
    passRate: { now: null, previous: null },
  };
  expect(figure('Attestations / min', change)?.note).toBeUndefined();
  expect(figure('Pass rate', change)).toMatchObject({ value: '–' });
});

test('a quiet app keeps a digit of its rate', () => {
  expect(figure('Attestations / min', { attestationsPerMinute: { now: 0.4, previous: null } })?.value).toBe(
    '0.4',
  );
});

test('blocks are enforced when every living node says so, and pending until then', () => {
  expect(figure('Active blocks', {}, nodes([7, 7]))?.note).toEqual({
    text: '2 of 2 nodes · 84 ms',
    tone: 'trusted',
  });
  // Nodes that held the newest change from their start measured nothing.
  expect(figure('Active blocks', {}, nodes([7, 7], 0))?.note?.text).toBe('2 of 2 nodes');
  expect(figure('Active blocks', {}, nodes([7, 6]))?.note).toEqual({
    text: '1 of 2 nodes, pending',
    tone: 'flagged',
  });
  expect(figure('Active blocks', {}, nodes([]))?.note).toEqual({
    text: 'no node is running',
    tone: 'rejected',
  });
});

test('the next expiry leads to its certificate, warns in time, and is none where no server is watched', () => {
  const expiring = (days: number, warning: 'expired' | '7d' | '30d' | null) =>
    prepareExpiry({
      origins: 2,
      next: { originId: 'o1', host: 'api.example.com', expiresAt: AT, days, warning },
    })[0];
  expect(expiring(80, null)).toEqual({
    label: 'Next certificate expiry',
    value: '80 days',
    href: '/certificates/o1',
    note: { text: 'api.example.com' },
  });
  expect(expiring(20, '30d')?.note).toEqual({ text: 'api.example.com', tone: 'flagged' });
  expect(expiring(1, '7d')).toMatchObject({ value: '1 day', note: { tone: 'rejected' } });
  expect(expiring(-1, 'expired')?.value).toBe('expired');
  expect(prepareExpiry({ origins: 1, next: null })[0]).toMatchObject({ value: '–', href: '/certificates' });
  expect(prepareExpiry({ origins: 0, next: null })).toEqual([]);
});
