import { describe, expect, it } from 'vitest';
import { anchorsWith, BUILT_IN_ANCHORS, readAnchor, readPemCertificates } from './index';
import { createTestCa } from './testing';
import { SCENARIO_NOW_MS } from './testing/scenario';
import { readVectorFile } from './testing/vectors';

const pem = (name: string) => readVectorFile('android', 'roots', name).toString('utf8');

describe('anchors', () => {
  it("built in are the vendors' roots, pinned by key", () => {
    const pins = (list: typeof BUILT_IN_ANCHORS.apple) =>
      list.map(({ name, spkiSha256 }) => [name, spkiSha256.slice(0, 8)]);
    expect(pins(BUILT_IN_ANCHORS.apple)).toEqual([['apple-app-attest-root', '1ae751fd']]);
    expect(pins(BUILT_IN_ANCHORS.android)).toEqual([
      ['google-rsa4096', 'feb2ea75'],
      ['google-p384', '3ee44512'],
    ]);
    expect(BUILT_IN_ANCHORS.dev).toEqual([]);
  });

  it.each(['google-rsa-2016-exp2026.pem', 'google-rsa-2019-exp2034.pem', 'google-rsa-2021-exp2036.pem'])(
    'are the same for every certificate of the key: %s',
    (name) => {
      const anchor = readAnchor({ name, certificatePem: pem(name) });
      const [rsa] = BUILT_IN_ANCHORS.android;
      expect(anchor?.spkiSha256).toBe(rsa?.spkiSha256);
      expect(anchor?.subject).toEqual(rsa?.subject);
    },
  );

  it('are added for every format, and an unreadable one is left out', () => {
    const { anchor } = createTestCa(SCENARIO_NOW_MS);
    const set = anchorsWith([anchor, { name: 'broken', certificatePem: 'no certificate' }]);
    expect(set.dev.map(({ name }) => name)).toEqual([anchor.name]);
    expect(set.apple).toHaveLength(2);
    expect(set.android).toHaveLength(3);
  });

  it("may not take a vendor's name", () => {
    const { anchor } = createTestCa(SCENARIO_NOW_MS);
    const set = anchorsWith([{ ...anchor, name: 'google-rsa4096' }]);
    expect(set.android).toEqual(BUILT_IN_ANCHORS.android);
    expect(set.dev).toEqual([]);
  });

  it('are read from exactly one certificate', () => {
    const one = pem('google-rsa-2022-exp2042.pem');
    expect(readPemCertificates(`${one}\n${one}`)).toHaveLength(2);
    expect(readPemCertificates(`${one} and more`)).toBeUndefined();
    expect(readAnchor({ name: 'two', certificatePem: one + one })).toBeUndefined();
  });
});
