import { expect, test } from 'vitest';
import type { AttestationRow, LiveMessage } from '@/lib/contracts';
import { arrivalsFor, leavesOpen, mergeNewest, NEWEST_COUNT, type RowFilter } from './newest-attestations';

function row(n: number, appId = 'bank'): AttestationRow {
  return {
    id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    receivedAt: new Date(Date.UTC(2026, 2, 3) + n).toISOString(),
    reference: 'K7QF-2M9D',
    kind: 'attest',
    appId,
    appName: appId,
    instanceId: null,
    verdict: 'trusted',
    decidingThreat: null,
    platform: 'ios',
    environment: 'production',
    appVersion: '1',
    osVersion: '26',
    model: 'iPhone',
    country: null,
    networkKind: 'unknown',
    networkPrefix: null,
    asn: null,
  };
}

function message(rows: AttestationRow[], events: Record<string, number>): LiveMessage<'attestations'> {
  const counts = Object.entries(events).map(([appId, count]) => ({
    appId,
    verdict: 'trusted' as const,
    events: count,
  }));
  return { serverTime: '', rows, counts };
}

test('keeps the newest, each once, newest first', () => {
  const known = Array.from({ length: NEWEST_COUNT }, (_, n) => row(n));
  const merged = mergeNewest(known, [row(3), row(50), row(40)]);
  expect(merged.map(({ id }) => id).slice(0, 3)).toEqual([row(50).id, row(40).id, row(11).id]);
  expect(merged).toHaveLength(NEWEST_COUNT);
});

const looking = (...apps: string[]) => ({ apps, facets: {} });

test('takes only what every facet lets through', () => {
  const rejected = { ...row(1), verdict: 'rejected' as const, country: 'DE' };
  const sent = message([rejected, row(2)], { bank: 2 });
  const ids = (facets: RowFilter['facets']) => arrivalsFor(sent, { apps: [], facets }).map(({ id }) => id);
  expect(ids({ verdict: ['rejected'], country: ['DE', 'FR'] })).toEqual([row(1).id]);
  expect(ids({ country: [''] })).toEqual([row(2).id]);
  expect(ids({ verdict: ['rejected'], country: ['FR'] })).toEqual([]);
});

test('asks again where rows do not state what they are filtered by', () => {
  const filter = { apps: [], facets: { policyVersion: ['3'] } };
  expect(arrivalsFor(message([row(1)], { bank: 1 }), filter)).toEqual([]);
  expect(leavesOpen(message([row(1)], { bank: 1 }), filter)).toBe(true);
  expect(leavesOpen(message([], {}), filter)).toBe(false);
});

test('takes only the apps that are looked at', () => {
  const sent = message([row(1), row(2, 'fleet')], { bank: 1, fleet: 1 });
  expect(arrivalsFor(sent, looking('fleet'))).toEqual([row(2, 'fleet')]);
  expect(arrivalsFor(sent, looking())).toHaveLength(2);
});

test('asks again only where a message carries too few of what happened', () => {
  const twelve = Array.from({ length: NEWEST_COUNT }, (_, n) => row(n));
  expect(leavesOpen(message([row(1)], { bank: 1 }), looking())).toBe(false);
  expect(leavesOpen(message(twelve, { bank: 5_000 }), looking())).toBe(false);
  expect(leavesOpen(message(twelve, { bank: 5_000, fleet: 3 }), looking('fleet'))).toBe(true);
  expect(leavesOpen(message(twelve, { bank: 5_000 }), looking('fleet'))).toBe(false);
});
