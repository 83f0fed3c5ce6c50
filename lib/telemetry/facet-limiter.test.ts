import { describe, expect, test } from 'vitest';
import { rollUpCells } from './cells';
import { FacetLimiter, type FacetLimits, HOUR_MS, OTHER } from './facet-limiter';
import { rollUp } from './rollup';
import type { AttestationEvent } from './rows';
import { eventOf } from './testing/events';

const LIMITS: FacetLimits = { osVersions: 20, appVersions: 20, models: 40, combinations: 100, cells: 80 };
const NOW = eventOf().receivedAtMs;
const many = (count: number, of: (index: number) => Partial<AttestationEvent>) =>
  Array.from({ length: count }, (_, index) => eventOf(of(index)));
const rowsOf = (limiter: FacetLimiter, events: readonly AttestationEvent[]) => {
  const bounded = events.map((event) => limiter.bound(event));
  return { minutes: rollUp(bounded), cells: rollUpCells(bounded), bounded };
};
const total = (rows: readonly { events: number }[]) => rows.reduce((sum, row) => sum + row.events, 0);

describe('what devices make up', () => {
  test('does not multiply rollup rows, and all of it is counted', () => {
    const { minutes } = rowsOf(
      new FacetLimiter(LIMITS),
      many(500, (index) => ({ appVersion: `made up ${index}` })),
    );
    expect(minutes.length).toBe(21);
    expect(minutes.find(({ facets }) => facets.appVersion === OTHER)?.events).toBe(480);
    expect(total(minutes)).toBe(500);
  });

  test('does not multiply them in combination either', () => {
    const { minutes, cells } = rowsOf(
      new FacetLimiter(LIMITS),
      many(20_000, (index) => ({
        osVersion: `os ${index % 20}`,
        appVersion: `app ${Math.floor(index / 20) % 20}`,
        model: `model ${Math.floor(index / 400) % 40}`,
      })),
    );
    expect(minutes.length).toBeLessThanOrEqual(101);
    expect(cells.length).toBeLessThanOrEqual(80 + 20 + 1);
    expect(total(minutes)).toBe(20_000);
    expect(total(cells)).toBe(20_000);
  });

  test('folds the model of a cell first, and keeps its versions', () => {
    const limiter = new FacetLimiter(LIMITS);
    const { bounded } = rowsOf(
      limiter,
      many(200, (index) => ({ model: `model ${index}` })),
    );
    expect(bounded.at(-1)?.cell).toMatchObject({ model: OTHER, osVersion: '26.5', appVersion: '5.4.0' });
    expect(bounded.at(-1)?.facets).toMatchObject({ osVersion: '26.5', appVersion: '5.4.0' });
  });

  test('in evidence that is rejected does not fold what genuine devices say, also within the same hour', () => {
    const limiter = new FacetLimiter(LIMITS);
    rowsOf(
      limiter,
      many(5_000, (index) => ({
        verdict: 'rejected',
        model: `made up ${index}`,
        osVersion: `made up ${index}`,
        appVersion: `made up ${index}`,
      })),
    );
    const genuine = limiter.bound(eventOf());
    expect(genuine).toMatchObject({
      facets: { osVersion: '26.5', appVersion: '5.4.0' },
      cell: { model: 'iPhone18,1' },
    });
    const caught = limiter.bound(eventOf({ verdict: 'rejected' }));
    expect(caught).toMatchObject({ facets: { osVersion: '26.5' }, cell: { model: 'iPhone18,1' } });
  });

  test('in evidence that is rejected is told apart once a genuine device says it', () => {
    const limiter = new FacetLimiter(LIMITS);
    rowsOf(
      limiter,
      many(5_000, (index) => ({ verdict: 'rejected', model: `made up ${index}` })),
    );
    const modelOf = (verdict: 'rejected' | 'trusted') =>
      limiter.bound(eventOf({ model: 'new', verdict })).cell.model;
    expect([modelOf('rejected'), modelOf('rejected')]).toEqual([OTHER, OTHER]);
    expect([modelOf('trusted'), modelOf('trusted'), modelOf('rejected')]).toEqual(['new', 'new', 'new']);
  });

  test('of one app does not fold those of another', () => {
    const limiter = new FacetLimiter(LIMITS);
    rowsOf(
      limiter,
      many(500, (index) => ({ appId: 'flooded', model: `made up ${index}` })),
    );
    expect(limiter.bound(eventOf()).cell.model).toBe('iPhone18,1');
  });

  test('is told apart again in the next hour, and stragglers make no new room', () => {
    const limiter = new FacetLimiter(LIMITS);
    const version = (index: number, atMs: number) =>
      limiter.bound(eventOf({ osVersion: `os ${index}`, receivedAtMs: atMs })).facets.osVersion;
    for (let index = 0; index < 20; index++) version(index, NOW);
    expect(version(20, NOW)).toBe(OTHER);
    expect(version(20, NOW + HOUR_MS)).toBe('os 20');
    for (let index = 21; index < 40; index++) version(index, NOW + HOUR_MS);
    expect(version(50, NOW)).toBe(OTHER);
    expect(version(51, NOW + HOUR_MS)).toBe(OTHER);
  });
});
