import fc from 'fast-check';
import { BLOCK_EFFECTS, BLOCK_SCOPES, type BlockScope } from '@/lib/contracts';
import { type BlockFacts, parseNetwork } from '../index';

/* A world so small that decisions about it meet each other often. */

export const APPS = ['bank', 'fleet'] as const;
const hex = (digit: string) => digit.repeat(64);
const DEVICES = ['0b0a4a34-7c5e-8d1f-9b7e-3a1f4d2c6b5a', 'ffffffff-ffff-8fff-bfff-ffffffffffff'] as const;

/** Targets of each scope that somebody in this world may meet. */
export const TARGETS: Readonly<Record<BlockScope, readonly string[]>> = {
  instance: DEVICES,
  hardware: [hex('a'), hex('b')],
  network: [
    '203.0.113.0/24',
    '203.0.112.0/23',
    '203.0.0.0/16',
    '203.0.0.0/8',
    '203.0.112.0/24',
    '2001:db8:1::/48',
    '2001:db8::/47',
    '2001:db8::/32',
  ].filter((text) => parseNetwork(text) !== undefined),
  app_version: ['android 5.4.0', 'ios 5.4.0'],
  os_build: ['android 16', 'ios 26.1'],
  asn: ['64500', '4200000000'],
  signer: [hex('c'), hex('d')],
  country: ['DE', 'FR'],
  app: APPS,
};

const CLIENT_NETWORKS = [
  '203.0.113.0/24',
  '203.0.112.0/24',
  '203.9.9.0/24',
  '2001:db8:1::/48',
  '2001:db8::/48',
];

const orUnknown = <Value>(values: readonly Value[]) => fc.option(fc.constantFrom(...values), { freq: 5 });

/** Whoever may ask in this world. */
export const factsArbitrary: fc.Arbitrary<BlockFacts> = fc.record({
  appId: fc.constantFrom(...APPS),
  instanceId: orUnknown(DEVICES),
  hardware: orUnknown(TARGETS.hardware),
  appVersion: orUnknown(TARGETS.app_version),
  osBuild: orUnknown(TARGETS.os_build),
  signers: fc.subarray([...TARGETS.signer]),
  network: orUnknown(CLIENT_NETWORKS).map((text) => (text === null ? null : (parseNetwork(text) ?? null))),
  asn: orUnknown(TARGETS.asn.map(Number)),
  country: orUnknown(TARGETS.country),
});

/** What a decision in this world may be about. */
export const aboutArbitrary = fc
  .record({ scope: fc.constantFrom(...BLOCK_SCOPES), appId: fc.constantFrom(...APPS, null) })
  .chain(({ scope, appId }) =>
    fc.record({
      scope: fc.constant(scope),
      appId: fc.constant(appId),
      target: fc.constantFrom(...TARGETS[scope]),
      effect: fc.constantFrom(...BLOCK_EFFECTS),
    }),
  );
