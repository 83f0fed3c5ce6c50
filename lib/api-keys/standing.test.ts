import { describe, expect, test } from 'vitest';
import type { ApiKeySnapshot } from '@/lib/contracts';
import { SETTLE_MS, versionToDeliver } from './standing';

type Version = ApiKeySnapshot['versions'][number];
const NOW = 1_800_000_000_000;
const version = (about: Partial<Version> & Pick<Version, 'version' | 'status'>): Version => ({
  activatedAtMs: NOW - 60_000,
  retiresAtMs: null,
  valueHash: null,
  ...about,
});
const deliver = (...versions: Version[]) => versionToDeliver(versions, NOW)?.version;

describe('the version that devices are given', () => {
  test('is the active one, and never one that is staged or revoked', () => {
    expect(deliver(version({ version: 1, status: 'active' }))).toBe(1);
    expect(
      deliver(version({ version: 2, status: 'staged' }), version({ version: 1, status: 'active' })),
    ).toBe(1);
    expect(deliver(version({ version: 1, status: 'revoked' }))).toBeUndefined();
    expect(deliver(version({ version: 1, status: 'staged' }))).toBeUndefined();
    expect(deliver()).toBeUndefined();
  });

  test('stays the predecessor until every node knows the new one, if it holds for as long', () => {
    const young = version({ version: 2, status: 'active', activatedAtMs: NOW - SETTLE_MS + 1 });
    const settled = version({ version: 2, status: 'active', activatedAtMs: NOW - SETTLE_MS });
    const retiring = version({ version: 1, status: 'retiring', retiresAtMs: NOW + 900_000 });
    expect(deliver(young, retiring)).toBe(1);
    expect(deliver(settled, retiring)).toBe(2);
    expect(deliver(young, { ...retiring, retiresAtMs: NOW + SETTLE_MS })).toBe(2);
    expect(deliver(young, { ...retiring, retiresAtMs: NOW })).toBe(2);
    expect(deliver(young, version({ version: 1, status: 'revoked' }))).toBe(2);
  });

  test('is the newest of those that are retiring where there is no active one', () => {
    const retiring = (number: number, retiresAtMs: number) =>
      version({ version: number, status: 'retiring', retiresAtMs });
    expect(deliver(retiring(1, NOW + 900_000), retiring(2, NOW + 60_000))).toBe(2);
    expect(deliver(retiring(1, NOW), retiring(2, NOW - 1))).toBeUndefined();
  });
});
