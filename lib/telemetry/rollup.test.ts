import { describe, expect, test } from 'vitest';
import { hexColumn, plainColumn, textColumn } from './columns';
import { FacetLimiter, HOUR_MS, MINUTE_MS, OTHER, rollUp } from './rollup';
import type { AttestationEvent } from './rows';

const NOW = Date.UTC(2026, 10, 20, 9, 59, 30);
const EVENT: AttestationEvent = {
  subjectId: 's',
  receivedAtMs: NOW,
  id: 'i',
  reference: 'r',
  kind: 'attest',
  appId: 'retail-bank',
  instanceId: null,
  verdict: 'trusted',
  decidingThreat: null,
  decidingRule: null,
  policyVersion: 1,
  platform: 'ios',
  format: null,
  environment: 'production',
  appVersion: '5.4.0',
  osVersion: '26.5',
  model: 'iPhone',
  country: null,
  networkKind: 'unknown',
  networkPrefix: null,
  addressHash: null,
  threats: [],
  detail: '{}',
  latencyUs: 100,
};

describe('a rollup', () => {
  test('counts every event once, in its own bucket and facets, sorted by key', () => {
    const events = [
      EVENT,
      { ...EVENT, latencyUs: 300 },
      { ...EVENT, receivedAtMs: NOW + 40_000 },
      { ...EVENT, verdict: 'rejected' as const, decidingThreat: 'hooks' },
      { ...EVENT, appId: 'fleet-driver' },
    ];
    const minutes = rollUp(events, MINUTE_MS, new FacetLimiter());
    expect(minutes.map(({ events: count }) => count).sort()).toEqual([1, 1, 1, 2]);
    expect(minutes.find(({ events: count }) => count === 2)).toMatchObject({ latencyUs: 400 });
    expect(minutes[0]?.appId).toBe('fleet-driver');
    const hours = rollUp(events, HOUR_MS, new FacetLimiter());
    expect(hours.reduce((sum, row) => sum + row.events, 0)).toBe(events.length);
    expect(new Set(hours.map(({ bucketMs }) => bucketMs)).size).toBe(2);
  });

  test('names the same facets the same in every bucket and on every node', () => {
    const [minute] = rollUp([EVENT], MINUTE_MS, new FacetLimiter());
    const [hour] = rollUp([{ ...EVENT, latencyUs: 9 }], HOUR_MS, new FacetLimiter());
    expect(minute?.facet).toBe(hour?.facet);
    expect(minute?.facet).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test('does not grow with what devices make up, and counts all of it', () => {
    const events = Array.from({ length: 500 }, (_, index) => ({ ...EVENT, appVersion: `made up ${index}` }));
    const rows = rollUp(events, MINUTE_MS, new FacetLimiter(100));
    expect(rows.length).toBeLessThanOrEqual(101);
    expect(rows.find(({ appVersion }) => appVersion === OTHER)?.events).toBeGreaterThan(300);
    expect(rows.reduce((sum, row) => sum + row.events, 0)).toBe(500);
  });
});

describe('a column', () => {
  const literal = (values: (string | null)[]) => textColumn(values, (value) => value);

  test.each([
    [['plain', 'with space', null], '{plain,"with space",NULL}'],
    [['', 'null', 'NULL'], '{"","null","NULL"}'],
    [['a,b', '{x}', '"q"', 'b\\s'], '{"a,b","{x}","\\"q\\"","b\\\\s"}'],
    [['line\nbreak', '\u00a0', 'ü😀'], '{"line\nbreak","\u00a0",ü😀}'],
    [[], '{}'],
  ])('of %j is a literal that Postgres reads as it is', (values, expected) => {
    expect(literal(values)).toBe(expected);
  });

  test('of numbers and of bytes needs no quotes', () => {
    expect(plainColumn([1, null, -2.5], (value) => value)).toBe('{1,NULL,-2.5}');
    expect(hexColumn([Buffer.from('ab', 'hex'), null], (value) => value)).toBe('{ab,NULL}');
  });
});
