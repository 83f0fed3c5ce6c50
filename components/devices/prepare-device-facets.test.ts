import { expect, it } from 'vitest';
import { prepareDeviceFacets } from './prepare-device-facets';

it('calls values by their names and marks verdicts', () => {
  const groups = prepareDeviceFacets(
    {
      complete: true,
      facets: {
        app: [{ value: 'bank', devices: 3 }],
        verdict: [{ value: 'rejected', devices: 2 }],
        platform: [{ value: 'ios', devices: 3 }],
        blocked: [{ value: 'true', devices: 1 }],
      },
    },
    { bank: 'Retail Bank' },
  );
  expect(groups.map(({ label, options }) => [label, options[0]?.label, options[0]?.count])).toEqual([
    ['Last verdict', 'rejected', 2],
    ['Block', 'Blocked', 1],
    ['Platform', 'iOS', 3],
    ['App', 'Retail Bank', 3],
  ]);
  expect(groups[0]?.options[0]?.mark).toBe('rejected');
  expect(prepareDeviceFacets(undefined, {})).toEqual([]);
});
