import { expect, it } from 'vitest';
import { type DeviceFilter, deviceParams, isNarrowed } from './device-filter';

const NONE: DeviceFilter = {
  q: '',
  app: [],
  verdict: [],
  platform: [],
  country: [],
  osVersion: [],
  appVersion: [],
  blocked: null,
};

it('states what narrows and leaves out what does not', () => {
  expect(deviceParams(NONE)).toEqual({});
  const filter: DeviceFilter = {
    ...NONE,
    q: 'Pixel',
    verdict: ['rejected'],
    country: ['DE', ''],
    osVersion: ['16'],
    appVersion: ['5.4.0'],
    blocked: 'true',
  };
  expect(deviceParams(filter)).toEqual({
    q: 'Pixel',
    verdict: ['rejected'],
    country: ['DE', ''],
    osVersion: ['16'],
    appVersion: ['5.4.0'],
    blocked: 'true',
  });
});

it('knows whether anything narrows the list', () => {
  expect(isNarrowed(NONE)).toBe(false);
  expect(isNarrowed({ ...NONE, app: ['bank'] })).toBe(true);
  // An unknown country is a value as well.
  expect(isNarrowed({ ...NONE, country: [''] })).toBe(true);
});
