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

it('knows whether anything narrows the list', () => {
  expect(isNarrowed(NONE)).toBe(false);
  expect(isNarrowed({ ...NONE, app: ['bank'] })).toBe(true);
  expect(isNarrowed({ ...NONE, platform: ['ios'] })).toBe(true);
});
