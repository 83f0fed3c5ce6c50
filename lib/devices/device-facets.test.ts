import { expect, it } from 'vitest';
import { facetsOfCells } from './device-facets';

const cell = (app: string, verdict: string, platform: string, blocked: boolean, devices: number) => ({
  app,
  verdict,
  platform,
  blocked,
  devices,
});
const CELLS = [
  cell('bank', 'trusted', 'ios', false, 5),
  cell('bank', 'rejected', 'android', true, 2),
  cell('fleet', 'trusted', 'android', false, 1),
];

it('counts each facet under the filters of the others, most first', () => {
  const facets = facetsOfCells(CELLS, {
    app: [],
    verdict: ['trusted'],
    platform: [],
    blocked: undefined,
  });
  expect(facets.app).toEqual([
    { value: 'bank', devices: 5 },
    { value: 'fleet', devices: 1 },
  ]);
  // Its own filter takes nothing from a facet.
  expect(facets.verdict).toEqual([
    { value: 'trusted', devices: 6 },
    { value: 'rejected', devices: 2 },
  ]);
  expect(facets.blocked).toEqual([{ value: 'false', devices: 6 }]);
});

it('counts the blocked ones', () => {
  const facets = facetsOfCells(CELLS, { app: [], verdict: [], platform: [], blocked: 'true' });
  expect(facets.platform).toEqual([{ value: 'android', devices: 2 }]);
  expect(facets.blocked).toEqual([
    { value: 'false', devices: 6 },
    { value: 'true', devices: 2 },
  ]);
});
