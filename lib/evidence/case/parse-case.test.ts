import { describe, expect, it } from 'vitest';
import { parseCase } from '../index';
import { readVectorFile, readVectors, runVector } from '../testing/vectors';

const [chain] = readVectors('android/negative').filter(({ case: name }) => name.endsWith('ok-rkp'));
const NO_FILES = new Map<string, Uint8Array>();

describe('a case', () => {
  it.each([
    ['no object', 'text', 'case_malformed'],
    ['no kind', { case: 'x' }, 'case_malformed'],
    ['a receipt', { case: 'x', kind: 'apple-appattest/receipt' }, 'case_kind_unsupported'],
    ['no vector', { case: 'x', kind: 'android-key-attestation' }, 'case_malformed'],
    ['no inputs', { case: 'x', kind: 'android-key-attestation', vector: 'x.pem' }, 'case_malformed'],
  ])('is an error with %s', (_what, json, code) => {
    expect(parseCase(json)).toMatchObject({ ok: false, code });
  });

  it('for parsers is unsupported, not refused', () => {
    const leaves = readVectors('android/leaf-only');
    expect(leaves.length).toBeGreaterThan(0);
    for (const leaf of leaves) expect(runVector(leaf)).toMatchObject({ code: 'case_kind_unsupported' });
  });

  it('names its files, and is an error while one is missing', () => {
    const parsed = parseCase(chain);
    expect(parsed).toMatchObject({ ok: true, files: ['ok-rkp.pem', 'synthetic-root.pem'] });
    if (!parsed.ok) return;
    expect(parsed.run(NO_FILES)).toMatchObject({ code: 'case_file_missing', detail: 'ok-rkp.pem' });
    const vector = readVectorFile('android', 'negative', 'ok-rkp.pem');
    const files = new Map<string, Uint8Array>([['ok-rkp.pem', vector]]);
    expect(parsed.run(files)).toMatchObject({ code: 'case_file_missing', detail: 'synthetic-root.pem' });
    files.set('synthetic-root.pem', Buffer.from('no certificate'));
    expect(parsed.run(files)).toMatchObject({ code: 'case_anchor_malformed' });
    files.set('ok-rkp.pem', Buffer.from('no chain'));
    expect(parsed.run(files)).toMatchObject({ code: 'case_vector_unusable' });
  });

  it('gives its clock and the environment that an appraisal should require', () => {
    const [production] = readVectors('ios/negative').filter(({ case: name }) =>
      name.endsWith('attp-key-order-changed'),
    );
    expect(production && runVector(production)).toMatchObject({
      environment: 'production',
      nowMs: Date.parse('2024-02-07T21:08:56.308Z'),
    });
    const [development] = readVectors('ios/attestation').filter(({ case: name }) =>
      name.endsWith('chiff-ios14.4'),
    );
    expect(development && runVector(development)).toMatchObject({ environment: 'any' });
  });

  it('registers the packages of a platform UID together, and no other companions', () => {
    const run = (packageName: string, name: string) => {
      const [vector] = readVectors('android/chains').filter((item) => item.case.endsWith(name));
      return vector && runVector({ ...vector, inputs: { ...vector.inputs, packageName } });
    };
    const verified = { verification: { ok: true } };
    expect(run('com.google.android.gms', 'simplewebauthn-android-key-1')).toMatchObject(verified);
    expect(run('com.google.android.other', 'simplewebauthn-android-key-1')).not.toMatchObject(verified);
  });
});
