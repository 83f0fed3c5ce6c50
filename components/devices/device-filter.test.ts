import { expect, it } from 'vitest';
import { type DeviceFilter, deviceParams, isNarrowed } from './device-filter';

const NONE: DeviceFilter = { q: '', app: [], verdict: [], platform: [], blocked: null };

it('states what narrows and leaves out what does not', () => {
  expect(deviceParams(NONE)).toEqual({});
  expect(deviceParams({ ...NONE, q: 'Pixel', verdict: ['rejected'], blocked: 'true' })).toEqual({
    q: 'Pixel',
    verdict: ['rejected'],
    blocked: 'true',
  });
});

it('does not count the apps of the top bar as a filter of the page', () => {
  expect(isNarrowed({ ...NONE, app: ['bank'] })).toBe(false);
  expect(isNarrowed({ ...NONE, platform: ['ios'] })).toBe(true);
});
