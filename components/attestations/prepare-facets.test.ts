import { expect, it } from 'vitest';
import { activeValues, prepareFacets } from './prepare-facets';

const NAMES = { apps: { bank: 'Retail Bank' }, threats: { hooks: 'Hooking framework attached' } };
const EMPTY = {
  app: [],
  verdict: [],
  threat: [],
  platform: [],
  osVersion: [],
  appVersion: [],
  country: [],
  network: [],
  policyVersion: [],
};

it('calls values by their names and puts the most frequent first', () => {
  const groups = prepareFacets(
    {
      facets: {
        ...EMPTY,
        threat: [
          { value: '', events: 3 },
          { value: 'hooks', events: 9 },
        ],
        verdict: [{ value: 'rejected', events: 9 }],
        policyVersion: [{ value: '2', events: 1 }],
      },
    },
    NAMES,
  );
  const of = (facet: string) => groups.find((group) => group.facet === facet)?.options;
  expect(of('threat')).toEqual([
    { value: 'hooks', label: 'Hooking framework attached', count: 9 },
    { value: '', label: 'none', count: 3 },
  ]);
  expect(of('verdict')).toEqual([{ value: 'rejected', count: 9, mark: 'rejected' }]);
  expect(of('policyVersion')?.[0]?.label).toBe('v2');
});

it('lists what is on by name, also where it is known no longer', () => {
  expect(
    activeValues({ facets: { app: ['bank', 'gone'], country: [''] } }, NAMES).map((one) => one.label),
  ).toEqual(['Retail Bank', 'gone', 'Unknown']);
});
