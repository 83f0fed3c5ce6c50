import { describe, expect, test } from 'vitest';
import { sha256 } from '@/lib/core';
import { type ManagedKey, type ManagedKeyVersion, matchKey, presentedBy, standingAt } from './api-keys';

const NOW = 1_800_000_000_000;
const version = (number: number, about: Partial<ManagedKeyVersion> = {}): ManagedKeyVersion => ({
  version: number,
  status: 'active',
  retiresAtMs: null,
  hash: sha256(`value-${number}`),
  ...about,
});
const key = (id: string, appId: string, versions: ManagedKeyVersion[]): ManagedKey => ({
  ...{ id, appId, isRequired: true, versions },
});

describe('the end of a grace', () => {
  test('is exact to the millisecond', () => {
    const retiring = { status: 'retiring', retiresAtMs: NOW } as const;
    expect(standingAt(retiring, NOW - 1)).toBe('retiring');
    expect(standingAt(retiring, NOW)).toBe('revoked');
    expect(standingAt({ status: 'retiring', retiresAtMs: null }, NOW)).toBe('revoked');
    expect(standingAt({ status: 'retiring', retiresAtMs: Number.NaN }, NOW)).toBe('revoked');
    expect(standingAt({ status: 'active', retiresAtMs: NOW - 1 }, NOW)).toBe('active');
  });
});

describe('what a request presents', () => {
  const keys = [
    key('bank-key', 'bank', [version(2), version(1, { status: 'revoked' })]),
    key('shop-key', 'shop', [version(3, { status: 'retiring', retiresAtMs: NOW })]),
  ];

  test('is found among all versions, those that ended included', () => {
    expect(matchKey(keys, 'value-2', NOW)).toMatchObject({
      keyId: 'bank-key',
      version: 2,
      standing: 'active',
    });
    expect(matchKey(keys, 'value-1', NOW)).toMatchObject({ keyId: 'bank-key', standing: 'revoked' });
    expect(matchKey(keys, 'value-3', NOW - 1)).toMatchObject({ keyId: 'shop-key', standing: 'retiring' });
    expect(matchKey(keys, 'value-3', NOW)).toMatchObject({ standing: 'revoked' });
  });

  test.each([null, '', 'value-4', 'value-2 ', 'VALUE-2', 'x'.repeat(1_000_000)])(
    'is nothing for %.20s',
    (value) => {
      expect(matchKey(keys, value, NOW)).toBeNull();
    },
  );

  test('counts for the key of its own app alone', () => {
    const match = matchKey(keys, 'value-3', NOW - 1);
    expect(presentedBy('bank', keys, match)?.presented).toMatchObject({
      keyId: 'bank-key',
      standing: 'none',
    });
    expect(presentedBy('shop', keys, match)?.presented).toMatchObject({ version: 3, standing: 'retiring' });
    expect(presentedBy('other', keys, match)).toBeNull();
  });
});
