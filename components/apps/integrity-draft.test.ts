import { describe, expect, it } from 'vitest';
import type { IntegritySettings } from '@/lib/contracts';
import { integrityChangeOf, integrityDraftOf } from './integrity-draft';

const SETTINGS: IntegritySettings = {
  revision: 4,
  request: 'classic',
  keysSetAt: '2026-11-01T00:00:00.000Z',
  accountSetAt: null,
  accountEmail: null,
  dailyQuota: 10_000,
  updatedAt: null,
  updatedByName: null,
  usage: { day: '2026-11-01', calls: 0, exhausted: 0 },
  unknownSignals24h: 0,
  seq: null,
};

describe('a draft of Play Integrity', () => {
  const draft = integrityDraftOf(SETTINGS);

  it('opens without secrets, and keeps what is stored when none is typed', () => {
    expect(integrityChangeOf(draft, 4)).toEqual({ basedOn: 4, request: 'classic', dailyQuota: 10_000 });
  });

  it('sends both keys where one was typed, so that the server can say which is missing', () => {
    expect(integrityChangeOf({ ...draft, decryptionKey: ' k ' }, 4)).toMatchObject({
      keys: { decryptionKey: 'k', verificationKey: '' },
    });
  });

  it('sends no secret of a kind that was not chosen', () => {
    const typed = { ...draft, decryptionKey: 'k', verificationKey: 'v', account: 'a' };
    expect(integrityChangeOf({ ...typed, request: 'none' }, 4)).toEqual({
      basedOn: 4,
      request: null,
      dailyQuota: 10_000,
    });
    expect(integrityChangeOf({ ...typed, request: 'standard' }, 4)).not.toHaveProperty('keys');
    expect(integrityChangeOf(typed, 4)).not.toHaveProperty('account');
  });
});
