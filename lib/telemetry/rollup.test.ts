import { describe, expect, test } from 'vitest';
import { rollUpCells, signalsOf } from './cells';
import { countEvents } from './counters';
import { FacetLimiter } from './facet-limiter';
import { latencyBin } from './latency-bins';
import { rollUp, rollUpHours } from './rollup';
import type { AttestationEvent } from './rows';
import { eventOf } from './testing/events';

const EVENT = eventOf();
const NOW = EVENT.receivedAtMs;
const bounded = (events: readonly AttestationEvent[]) => {
  const limiter = new FacetLimiter();
  return events.map((event) => limiter.bound(event));
};
const total = (rows: readonly { events: number }[]) => rows.reduce((sum, row) => sum + row.events, 0);

describe('a rollup', () => {
  test('counts every event once, in its own bucket and facets', () => {
    const events = [
      EVENT,
      { ...EVENT, latencyUs: 300 },
      { ...EVENT, receivedAtMs: NOW + 40_000 },
      { ...EVENT, verdict: 'rejected' as const, decidingThreat: 'hooks' },
      { ...EVENT, appId: 'fleet-driver' },
    ];
    const minutes = rollUp(bounded(events));
    expect(minutes.map(({ events: count }) => count).sort()).toEqual([1, 1, 1, 2]);
    expect(minutes.find(({ events: count }) => count === 2)).toMatchObject({ latencyUs: 400 });
    const hours = rollUpHours(minutes).sorted;
    expect(total(hours)).toBe(events.length);
    expect(new Set(hours.map(({ bucketMs }) => bucketMs)).size).toBe(2);
  });

  test('of hours sums its minutes', () => {
    const hours = rollUpHours(
      rollUp(bounded([EVENT, { ...EVENT, receivedAtMs: NOW - 600_000, latencyUs: 7 }])),
    );
    expect(hours.sorted).toMatchObject([{ bucketMs: Date.UTC(2026, 10, 20, 9), events: 2, latencyUs: 107 }]);
  });

  test('names the same facets the same in every bucket and on every node', () => {
    const [minute] = rollUp(bounded([EVENT]));
    const [other] = rollUp(bounded([{ ...EVENT, receivedAtMs: NOW + 3_600_000, latencyUs: 9 }]));
    expect(minute?.facets.id).toBe(other?.facets.id);
    expect(minute?.facets.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});

describe('cells', () => {
  test('count each event once as such, and once under everything that was found', () => {
    const rejected = eventOf({
      verdict: 'rejected',
      decidingThreat: 'hooks',
      threats: ['hooks', 'debugger'],
    });
    const cells = rollUpCells(bounded([EVENT, rejected, { ...rejected, threats: ['debugger'] }]));
    expect(Object.fromEntries(cells.map(({ signal, events }) => [signal, events]))).toEqual({
      '': 3,
      hooks: 2,
      debugger: 2,
      'verdict:rejected': 2,
    });
    expect(new Set(cells.map(({ cell }) => cell.id)).size).toBe(1);
  });

  test('are told apart by platform, versions, model and country, in buckets of ten minutes', () => {
    const others: Partial<AttestationEvent>[] = [
      { platform: 'android' },
      { osVersion: '26.6' },
      { appVersion: '5.5.0' },
      { model: 'iPhone17,3' },
      { country: 'PT' },
      { receivedAtMs: NOW + 60_000 },
    ];
    const cells = rollUpCells(bounded([EVENT, ...others.map(eventOf)]));
    expect(cells).toHaveLength(7);
    expect(cells.map(({ bucketMs }) => bucketMs)).toContain(Date.UTC(2026, 10, 20, 9, 50));
    expect(cells.map(({ bucketMs }) => bucketMs)).toContain(Date.UTC(2026, 10, 20, 10));
  });

  test.each([
    [{}, ['']],
    [{ threats: ['screenshot'] }, ['', 'screenshot']],
    [{ verdict: 'flagged' as const }, ['', 'verdict:flagged']],
    [
      { verdict: 'restricted' as const, decidingThreat: 'hooks', threats: ['hooks', 'hooks'] },
      ['', 'hooks', 'verdict:restricted'],
    ],
  ])('count %j under %j', (changes, signals) => {
    expect(signalsOf(eventOf(changes))).toEqual(signals);
  });
});

describe('latencies', () => {
  test('are counted by kind, minute and bin', () => {
    const rows = countEvents([
      EVENT,
      { ...EVENT, latencyUs: 99 },
      { ...EVENT, latencyUs: 5_000 },
      { ...EVENT, kind: 'enrol' },
      { ...EVENT, receivedAtMs: NOW + 30_000 },
    ]);
    expect(rows.map(({ name, bin, events }) => [name, bin, events])).toEqual([
      ['latency_attest', 0, 2],
      ['latency_attest', latencyBin(5_000), 1],
      ['latency_enrol', 0, 1],
      ['latency_attest', 0, 1],
    ]);
  });
});
