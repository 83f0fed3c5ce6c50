import { describe, expect, test } from 'vitest';
import { nextStep, type PlannedKey, PUBLISHED_BEFORE_SIGNING_MS } from './plan';

const NOW = Date.UTC(2026, 10, 15);
const key = (kid: string, state: PlannedKey['state'], changes: Partial<PlannedKey> = {}): PlannedKey => ({
  kid,
  state,
  createdAt: new Date(NOW - PUBLISHED_BEFORE_SIGNING_MS),
  retiresAt: null,
  ...changes,
});
const fresh = { createdAt: new Date(NOW - PUBLISHED_BEFORE_SIGNING_MS + 1) };

describe('the next step of the signing keys', () => {
  test.each<[string, PlannedKey[], boolean, ReturnType<typeof nextStep>]>([
    ['nothing yet', [], false, { kind: 'create', state: 'active' }],
    ['one that signs and none to follow', [key('a', 'active')], false, { kind: 'create', state: 'staged' }],
    ['one that signs and one to follow', [key('a', 'active'), key('b', 'staged')], false, null],
    [
      'a rotation that was asked for',
      [key('a', 'active'), key('b', 'staged')],
      true,
      { kind: 'activate', kid: 'b', replaces: ['a'] },
    ],
    [
      'a rotation, and the next key is published for too short a time',
      [key('a', 'active'), key('b', 'staged', fresh)],
      true,
      null,
    ],
    ['a rotation, and no next key', [key('a', 'active')], true, { kind: 'create', state: 'staged' }],
    [
      'the one that signed was revoked: the next one at once',
      [key('a', 'revoked'), key('b', 'staged', fresh)],
      false,
      { kind: 'activate', kid: 'b', replaces: [] },
    ],
    [
      'all were revoked',
      [key('a', 'revoked'), key('b', 'revoked')],
      true,
      { kind: 'create', state: 'active' },
    ],
    [
      'one whose last token has expired',
      [key('a', 'retiring', { retiresAt: new Date(NOW) }), key('b', 'active'), key('c', 'staged')],
      false,
      { kind: 'retire', kid: 'a' },
    ],
    [
      'one whose last token has not expired',
      [key('a', 'retiring', { retiresAt: new Date(NOW + 1) }), key('b', 'active'), key('c', 'staged')],
      false,
      null,
    ],
    [
      'several to follow: the one that is published longest',
      [key('a', 'active'), key('b', 'staged', fresh), key('c', 'staged')],
      true,
      { kind: 'activate', kid: 'c', replaces: ['a'] },
    ],
  ])('%s', (_what, keys, isRotationPending, step) => {
    expect(nextStep(keys, isRotationPending, NOW)).toEqual(step);
  });
});
