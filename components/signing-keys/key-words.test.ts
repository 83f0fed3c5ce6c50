import { describe, expect, it } from 'vitest';
import { SIGNING_KEY_STATES, type SigningKeyView } from '@/lib/contracts';
import { isLive, isMoving, shortKid, stateSince, verifiesText } from './key-words';

const KEY: SigningKeyView = {
  kid: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ',
  state: 'active',
  createdAt: '2026-03-01T00:00:00.000Z',
  activatedAt: '2026-03-02T00:00:00.000Z',
  replacedAt: '2026-03-03T00:00:00.000Z',
  retiresAt: '2026-03-03T01:00:00.000Z',
  retiredAt: '2026-03-04T00:00:00.000Z',
  revokedAt: '2026-03-05T00:00:00.000Z',
  revokedByName: 'Ada',
  revokeReason: 'it leaked',
  seq: 7,
  devices: 1,
};

describe('a signing key in words', () => {
  it('says since when it is in its state', () => {
    expect(SIGNING_KEY_STATES.map((state) => stateSince({ ...KEY, state }).slice(8, 10))).toEqual([
      '01',
      '02',
      '03',
      '04',
      '05',
    ]);
  });

  it('says who still depends on it', () => {
    expect(verifiesText(KEY)).toBe('Signs. 1 device holds a token of it.');
    expect(verifiesText({ ...KEY, state: 'retiring', devices: 1_200 })).toBe(
      'Signs no more. 1,200 devices still hold a token of it.',
    );
    expect(verifiesText({ ...KEY, state: 'retiring', devices: 0 })).toMatch(/no device holds/);
    expect(verifiesText({ ...KEY, state: 'revoked' })).toMatch(/refused. Revoked by Ada: “it leaked”\.$/);
  });

  it('can be revoked while it may vouch for a token', () => {
    expect(SIGNING_KEY_STATES.filter(isLive)).toEqual(['staged', 'active', 'retiring']);
  });

  it('is about to change while one is missing, or a rotation is on its way', () => {
    const keys = (['active', 'staged'] as const).map((state) => ({ ...KEY, state }));
    const rotation = {
      id: '',
      reason: '',
      requestedByName: '',
      requestedAt: '',
      performedAt: null,
      kid: null,
      seq: null,
      possibleAt: null,
    };
    expect(isMoving({ keys, rotation: null })).toBe(false);
    expect(isMoving({ keys, rotation: { ...rotation, performedAt: KEY.createdAt } })).toBe(false);
    expect(isMoving({ keys, rotation })).toBe(true);
    expect(isMoving({ keys: keys.slice(1), rotation: null })).toBe(true);
    expect(isMoving({ keys: keys.slice(0, 1), rotation: null })).toBe(true);
  });

  it('is told from others by the ends of its id', () => {
    expect(shortKid(KEY.kid)).toBe('abcdefgh…NOPQ');
  });
});
