import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import { jwksDocument, publicKeyOf, signingJwkOf } from './index';
import { createSigningKeyPair } from './signing';
import { PAIR } from './testing';

describe('published keys', () => {
  it('hold no private member, whatever they are made from, and come in the order of their kid', () => {
    const pairs = Array.from({ length: 4 }, () => createSigningKeyPair());
    const leaky = pairs.map(({ privateKey, kid }) => ({ ...privateKey.export({ format: 'jwk' }), kid }));
    const document = jwksDocument(leaky as unknown as Parameters<typeof jwksDocument>[0]);
    const kids = document.keys.map(({ kid }) => kid);
    expect(kids).toEqual([...kids].sort());
    expect(JSON.stringify(document)).not.toContain('"d"');
  });

  it('are named by their RFC 7638 thumbprint', async () => {
    expect(PAIR.kid).toBe(await calculateJwkThumbprint(PAIR.publicJwk));
  });

  it('come back as the same key, and are of P-256 only', () => {
    expect(signingJwkOf(publicKeyOf(PAIR.publicJwk))).toEqual(PAIR.publicJwk);
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    expect(() => signingJwkOf(publicKey)).toThrow(TypeError);
    expect(() => publicKeyOf({ ...PAIR.publicJwk, x: PAIR.publicJwk.y, y: PAIR.publicJwk.y })).toThrow();
  });
});
