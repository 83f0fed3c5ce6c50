import { describe, expect, it } from 'vitest';
import type { DeviceFacets } from '@/lib/contracts';
import { countedNote, prepareDeviceFacets } from './prepare-device-facets';

const FACETS: DeviceFacets['facets'] = {
  app: [{ value: 'bank', devices: 3 }],
  verdict: [{ value: 'rejected', devices: 2 }],
  platform: [{ value: 'ios', devices: 3 }],
  country: [
    { value: 'DE', devices: 2_100_000 },
    { value: '', devices: 1 },
  ],
  osVersion: [{ value: '26.1', devices: 3 }],
  appVersion: [{ value: '', devices: 3 }],
  blocked: [{ value: 'true', devices: 1 }],
};
const NONE = { app: [], verdict: [], platform: [], country: [], osVersion: [], appVersion: [], blocked: [] };

describe('the facets of devices', () => {
  it('call values by their names and mark verdicts', () => {
    const groups = prepareDeviceFacets({ counted: { of: 'all' }, facets: FACETS }, NONE, {
      bank: 'Retail Bank',
    });
    expect(groups.map(({ label, options }) => [label, options.map((option) => option.label)])).toEqual([
      ['Last verdict', ['rejected']],
      ['Block', ['Blocked']],
      ['Platform', ['iOS']],
      ['App', ['Retail Bank']],
      ['App version', ['unknown']],
      ['OS version', ['26.1']],
      ['Country', ['Germany', 'Unknown']],
    ]);
    expect(groups[0]?.options[0]?.mark).toBe('rejected');
    expect(prepareDeviceFacets(undefined, NONE, {})).toEqual([]);
  });

  it('tell an estimate from a count, and nothing found from nothing there', () => {
    const selected = { ...NONE, country: ['DE', 'TV'] };
    const countries = (counted: DeviceFacets['counted']) =>
      prepareDeviceFacets({ counted, facets: FACETS }, selected, {})
        .find(({ facet }) => facet === 'country')
        ?.options.map(({ value, countText }) => [value, countText]);
    expect(countries({ of: 'all' })).toEqual([
      ['DE', undefined],
      ['', undefined],
    ]);
    expect(countries({ of: 'sample', oneIn: 40.2 })).toEqual([
      ['DE', '~2.1m'],
      ['', '~1'],
      ['TV', '–'],
    ]);
    expect(countries({ of: 'last', devices: 20_000 })).toEqual([
      ['DE', undefined],
      ['', undefined],
      ['TV', '–'],
    ]);
  });

  it('say which devices were counted', () => {
    expect(countedNote({ of: 'all' })).toBeNull();
    expect(countedNote({ of: 'last', devices: 20_000 })).toMatch(/^Counted are the 20,000 devices/);
    expect(countedNote({ of: 'sample', oneIn: 40.2 })).toMatch(/^Estimated from one device in 40;/);
  });
});
