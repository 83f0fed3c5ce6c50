import { describe, expect, it } from 'vitest';
import type { IntegrityClaims } from '@/lib/contracts';
import { AGREEMENT_IDS, findDisagreements, type Sources } from './index';
import { ANDROID, BOOT, INTEGRITY, IOS } from './testing';

const DIGEST = 'ab'.repeat(32);
const ATTESTED = {
  ...ANDROID,
  osVersion: '16',
  boot: BOOT,
  app: { id: 'com.example.app', version: '7', signerDigests: [DIGEST] },
};
const HONEST: Sources = {
  claims: ATTESTED,
  isEnrolment: true,
  integrity: INTEGRITY,
  found: ['developer_mode'],
  clear: ['bootloader_unlocked', 'privileged_access', 'emulator'],
};
const integrity = (change: Partial<IntegrityClaims>): Partial<Sources> => ({
  integrity: { ...INTEGRITY, ...change },
});
const appOf = (change: object) =>
  integrity({ app: { packageName: 'com.example.app', signerDigests: [], versionCode: '7', ...change } });
const UNLOCKED = { ...ATTESTED, boot: { ...BOOT, deviceLocked: false } };
const SOFTWARE = { ...ATTESTED, securityLevel: 'software' } as const;

/** One contradiction each. */
const ROWS: Readonly<Record<string, Partial<Sources>>> = {
  agreement_package: appOf({ packageName: 'com.example.other', signerDigests: INTEGRITY.app?.signerDigests }),
  agreement_signer: appOf({ signerDigests: ['AAAA'] }),
  agreement_app_version: appOf({ signerDigests: INTEGRITY.app?.signerDigests, versionCode: '8' }),
  agreement_system_version: integrity({ sdkVersion: 33 }),
  agreement_boot_unverified: { claims: UNLOCKED, clear: [] },
  agreement_no_label: integrity({ deviceLabels: [] }),
  agreement_virtual: integrity({ deviceLabels: ['MEETS_VIRTUAL_INTEGRITY'] }),
  agreement_strong_software: { claims: SOFTWARE },
  agreement_runtime_bootloader_found: { found: ['bootloader_unlocked'], clear: [] },
  agreement_runtime_bootloader_clear: { claims: UNLOCKED, integrity: null },
  agreement_runtime_root: { found: ['privileged_access'] },
  agreement_runtime_emulator: { found: ['emulator'] },
  agreement_runtime_hardware: { found: ['secure_hardware_missing'] },
  agreement_runtime_app: { found: ['app_integrity'] },
};

describe('agreement of sources', () => {
  it('of an honest device is complete', () => {
    expect(findDisagreements(HONEST)).toEqual([]);
    expect(findDisagreements({ ...HONEST, isEnrolment: false })).toEqual([]);
    expect(findDisagreements({ ...HONEST, claims: IOS, integrity: null })).toEqual([]);
  });

  it.each(Object.entries(ROWS))('misses exactly %s', (id, change) => {
    const found = findDisagreements({ ...HONEST, ...change });
    expect(found.map((check) => check.id)).toEqual([id]);
    expect(found[0]?.outcome).toBe('warn');
  });

  it('has a row for everything that is compared', () => {
    expect(Object.keys(ROWS).toSorted()).toEqual(AGREEMENT_IDS.toSorted());
  });

  it('compares what an update changes only with the evidence of the same moment', () => {
    for (const id of ['agreement_app_version', 'agreement_system_version']) {
      expect(findDisagreements({ ...HONEST, ...ROWS[id], isEnrolment: false })).toEqual([]);
    }
  });

  it('says nothing where a source is missing', () => {
    expect(findDisagreements({ ...HONEST, claims: null, integrity: null, found: ['emulator'] })).toEqual([]);
  });
});
