import { describe, expect, test } from 'vitest';
import type { StatusListSnapshot } from '@/lib/contracts';
import { revocationOf } from '../attestation/revocation-of';
import { loadedStatusList, NO_STATUS_LIST, nextStatusList } from './status-list';

const TEXT = '{"entries":{"a1":{"status":"REVOKED"}}}';
const change = (changes: Partial<StatusListSnapshot> = {}): StatusListSnapshot => ({
  digest: 'd1',
  fetchedAtMs: 1_000,
  maxAgeSeconds: 60,
  list: TEXT,
  ...changes,
});
const held = nextStatusList(NO_STATUS_LIST, change());

describe('the list of revoked keys that a node holds', () => {
  test('is read where it is new, and kept where only its age is', () => {
    expect(held.revocation?.entries.get('a1')?.status).toBe('REVOKED');
    const confirmed = nextStatusList(held, change({ fetchedAtMs: 2_000, list: null }));
    expect(confirmed.revocation).toEqual({ entries: held.revocation?.entries, fetchedAt: 2_000 });
    expect(confirmed.revocation?.entries).toBe(held.revocation?.entries);
  });

  test('is not replaced by one that was confirmed before it, or by none, while its age may change', () => {
    const older = change({ digest: 'd0', fetchedAtMs: 500, list: '{"entries":{}}', maxAgeSeconds: 30 });
    expect(nextStatusList(held, older)).toEqual({ ...held, maxAgeSeconds: 30 });
    const none = change({ digest: null, fetchedAtMs: null, list: null, maxAgeSeconds: null });
    expect(nextStatusList(held, none)).toEqual({ ...held, maxAgeSeconds: null });
  });

  test('that is named and not there, or cannot be read, makes the reader start over, and then is none', () => {
    for (const list of [null, 'nonsense', '{}']) {
      const broken = change({ digest: 'd2', fetchedAtMs: 2_000, list });
      expect(() => nextStatusList(held, broken)).toThrow(RangeError);
      expect(loadedStatusList(broken)).toEqual({ digest: null, revocation: null, maxAgeSeconds: 60 });
    }
  });
});

describe('what is refused without a good list', () => {
  test('is evidence for production apps, unless somebody decided that any age will do', () => {
    expect(revocationOf(NO_STATUS_LIST, 'production')).toMatchObject({
      revocationRequired: true,
      revocationMaxAgeSeconds: 0,
    });
    expect(revocationOf(held, 'production')).toMatchObject({
      revocationRequired: true,
      revocationMaxAgeSeconds: 60,
    });
    expect(revocationOf(held, 'development').revocationRequired).toBe(false);
    expect(revocationOf({ ...held, maxAgeSeconds: null }, 'production').revocationRequired).toBe(false);
  });
});
