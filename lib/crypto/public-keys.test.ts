import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  BoundedCache,
  importP256Spki,
  importSpki,
  p256PointOfSpki,
  spkiOfP256Point,
  verifyEs256,
} from './index';

const pair = (namedCurve: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return { privateKey, spki: publicKey.export({ format: 'der', type: 'spki' }) };
};
const { privateKey, spki } = pair('P-256');
const DATA = Buffer.from('data');

describe('public keys', () => {
  it('on P-256 go to their point and back', () => {
    const point = p256PointOfSpki(spki);
    expect(point).toHaveLength(65);
    expect(point && Buffer.from(spkiOfP256Point(point))).toEqual(spki);
  });

  it('on another curve, or off the curve, are no P-256 keys', () => {
    expect(importP256Spki(pair('P-384').spki)).toBeUndefined();
    expect(importSpki(pair('P-384').spki)).toBeDefined();
    const offCurve = Buffer.from(spki);
    offCurve[offCurve.length - 1] = (offCurve.at(-1) ?? 0) ^ 1;
    expect(importP256Spki(offCurve)).toBeUndefined();
    expect(importSpki(Buffer.from('no key'))).toBeUndefined();
  });

  it('are loaded once', () => {
    expect(importP256Spki(spki)).toBe(importP256Spki(Buffer.from(spki)));
  });

  it('verify ES256 in DER, and nothing malformed', () => {
    const key = importP256Spki(spki);
    if (key === undefined) throw new Error('the key does not load');
    const signature = sign('sha256', DATA, privateKey);
    expect(verifyEs256(key, DATA, signature)).toBe(true);
    expect(verifyEs256(key, Buffer.from('other'), signature)).toBe(false);
    expect(verifyEs256(key, DATA, Buffer.concat([signature, Buffer.from([0])]))).toBe(false);
    expect(verifyEs256(key, DATA, sign('sha256', DATA, { key: privateKey, dsaEncoding: 'ieee-p1363' }))).toBe(
      false,
    );
    expect(verifyEs256(key, DATA, new Uint8Array())).toBe(false);
  });
});

describe('the bounded cache', () => {
  it('forgets what was not asked for longest', () => {
    const cache = new BoundedCache<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3);
    expect(cache.get('b')).toBeUndefined();
    expect([cache.get('a'), cache.get('c'), cache.size]).toEqual([1, 3, 2]);
  });
});
