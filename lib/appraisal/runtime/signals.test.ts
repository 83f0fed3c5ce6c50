import { describe, expect, it } from 'vitest';
import { THREATS } from '@/lib/contracts';
import { readSignals } from '../index';

describe('readSignals', () => {
  it('knows every freeRASP callback of the catalogue by its exact spelling', () => {
    for (const { id, freerasp } of THREATS) {
      if (freerasp === null) continue;
      expect(readSignals({ [freerasp]: true })).toEqual({ threats: [id], unknown: [] });
    }
  });

  it('accepts both spellings of unsecure Wi-Fi', () => {
    expect(readSignals({ unsecureWifi: true, unsecureWiFi: true }).threats).toEqual(['unsecure_wifi']);
  });

  it('accepts our own id of what an app can observe', () => {
    expect(readSignals({ pin_mismatch: true, bootloader_unlocked: true }).threats).toEqual([
      'pin_mismatch',
      'bootloader_unlocked',
    ]);
  });

  it.each(['Hooks', 'HOOKS', 'privilegedaccess', '__proto__', 'constructor', 'somethingNew'])(
    'keeps the unknown name %s without judging it',
    (name) => {
      const signals = Object.fromEntries([[name, true]]);
      expect(readSignals(signals)).toEqual({ threats: [], unknown: [name] });
    },
  );

  it.each(['blocked', 'signature_invalid', 'challenge_replayed', 'unattested_request'])(
    'does not let an app claim %s, which only the service can find',
    (name) => {
      expect(readSignals({ [name]: true })).toEqual({ threats: [], unknown: [name] });
    },
  );

  it('takes only true for a finding', () => {
    expect(readSignals({ hooks: false, somethingNew: false, debug: true }).threats).toEqual(['debugger']);
    expect(readSignals({ somethingNew: false }).unknown).toEqual([]);
  });
});
