import { expect, it } from 'vitest';
import { findThreat, NETWORK_KINDS } from '@/lib/contracts';
import { threatsOfNetwork } from './threats-of-network';

it.each([
  ['hosting', ['hosting_network']],
  ['anonymiser', ['hosting_network']],
  ['access', []],
  ['private', []],
  ['unknown', []],
] as const)('%s raises %j', (kind, expected) => {
  expect(threatsOfNetwork(kind)).toEqual(expected);
});

it('raises known threats only', () => {
  for (const id of NETWORK_KINDS.flatMap(threatsOfNetwork)) expect(findThreat(id)?.source).toBe('server');
});
