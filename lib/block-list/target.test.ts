import { describe, expect, test } from 'vitest';
import { formatNetwork, parseNetwork, parseTarget } from './index';

const DIGEST = 'ab'.repeat(32);

describe('a target', () => {
  test.each([
    ['instance', '0B0A4A34-7C5E-8D1F-9B7E-3A1F4D2C6B5A', '0b0a4a34-7c5e-8d1f-9b7e-3a1f4d2c6b5a'],
    ['signer', DIGEST.toUpperCase().replace(/..(?!$)/g, '$&:'), DIGEST],
    ['hardware', DIGEST, DIGEST],
    ['network', ' 203.0.113.0/24 ', '203.0.113.0/24'],
    ['network', '2001:0DB8:0001:0000:0000:0000:0000:0000/48', '2001:db8:1::/48'],
    ['network', '2001:db8::/32', '2001:db8::/32'],
    ['asn', 'as64500', '64500'],
    ['country', 'de', 'DE'],
    ['app_version', 'Android 5.4.0', 'android 5.4.0'],
    ['os_build', 'ios: 26.1 (23B85)', 'ios 26.1 (23B85)'],
    ['app', 'retail-bank', 'retail-bank'],
  ] as const)('of %s is written down in one spelling: %s', (scope, text, target) => {
    expect(parseTarget(scope, text)).toEqual({ ok: true, target });
  });

  test.each([
    ['instance', 'K7QF-2M9D', 'block_target_malformed'],
    ['signer', 'ab', 'block_target_malformed'],
    ['app_version', '5.4.0', 'block_target_malformed'],
    ['app', 'Retail Bank', 'block_target_malformed'],
    ['network', '203.0.113.7/24', 'block_network_malformed'],
    ['network', '203.0.113.0', 'block_network_malformed'],
    ['network', '203.0.113.0/25', 'block_network_malformed'],
    ['network', '0.0.0.0/0', 'block_network_malformed'],
    ['network', '203.0.256.0/24', 'block_network_malformed'],
    ['network', '203.0.0113.0/24', 'block_network_malformed'],
    ['network', '2001:db8::1/48', 'block_network_malformed'],
    ['network', '2001:db8::/49', 'block_network_malformed'],
    ['network', '2001:db8/32', 'block_network_malformed'],
    ['network', '1::2::/32', 'block_network_malformed'],
    ['asn', '0', 'block_asn_malformed'],
    ['asn', '4294967295', 'block_asn_malformed'],
    ['asn', '64500.5', 'block_asn_malformed'],
    ['country', 'ZZ', 'block_country_unknown'],
    ['country', 'Germany', 'block_country_unknown'],
  ] as const)('of %s is not %s', (scope, text, code) => {
    expect(parseTarget(scope, text)).toMatchObject({ ok: false, code });
  });

  test('of a network reads back as it was written', () => {
    for (const text of ['10.0.0.0/8', '203.0.112.0/23', '2001:db8:ffff::/48', '2001::/16']) {
      const key = parseNetwork(text);
      expect(key && formatNetwork(key)).toBe(text);
    }
  });
});
