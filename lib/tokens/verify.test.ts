import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { buildClaims, jwksDocument, MAX_TOKEN_LENGTH, verifyToken } from './index';
import { createSigningKeyPair, signToken } from './signing';
import { encodeSegment, factsOf, ISSUER, KEYS, NOW_MS, PAIR, signedWith } from './testing';

const NOW = NOW_MS / 1000;
const EXPECT = { nowMs: NOW_MS, issuer: ISSUER, leewaySeconds: 30 };
const DIGEST = 'A'.repeat(43);

const claims = buildClaims(factsOf());
const token = signToken(PAIR, claims);

/** Our claims, correctly signed under another header. */
const under = (header: unknown) => signedWith(header, claims);
const HEADER = { alg: 'ES256', kid: PAIR.kid, typ: 'eat+jwt' };

describe('a token that we signed', () => {
  it('verifies, and gives its claims back', () => {
    expect(verifyToken(token, KEYS, EXPECT)).toEqual({ ok: true, claims });
  });

  it('verifies with an independent implementation and the published JWKS', async () => {
    const [jwk] = jwksDocument([PAIR.publicJwk]).keys;
    expect(jwk).toEqual({ ...PAIR.publicJwk, alg: 'ES256', use: 'sig' });
    const key = await importJWK(jwk ?? {});
    const result = await jwtVerify(token, key, {
      algorithms: ['ES256'],
      issuer: ISSUER,
      audience: 'bank',
      typ: 'eat+jwt',
      currentDate: new Date(NOW_MS),
    });
    expect(result.payload).toEqual(claims);
    expect(decodeProtectedHeader(token)).toEqual(HEADER);
  });

  it('carries binding, session key and annotations where there are some', () => {
    const facts = factsOf({ bindingHash: DIGEST, sessionKeyThumbprint: DIGEST, annotations: ['beta'] });
    const verified = verifyToken(signToken(PAIR, buildClaims(facts)), KEYS, EXPECT);
    expect(verified).toMatchObject({
      ok: true,
      claims: { bnd: DIGEST, cnf: { jkt: DIGEST }, ann: ['beta'] },
    });
    expect(Object.keys(claims)).not.toEqual(expect.arrayContaining(['bnd']));
  });

  it('may carry claims that we do not know', () => {
    expect(verifyToken(signedWith(HEADER, { ...claims, extra: 1 }), KEYS, EXPECT).ok).toBe(true);
  });

  it('fits the size limit with every annotation that a policy may add', () => {
    const annotations = Array.from({ length: 41 }, (_, index) => `annotation-${index}`.padEnd(32, 'x'));
    const longest = { bindingHash: DIGEST, sessionKeyThumbprint: DIGEST, annotations };
    expect(signToken(PAIR, buildClaims(factsOf(longest))).length).toBeLessThan(MAX_TOKEN_LENGTH);
    const tooMany = buildClaims(factsOf({ annotations: [...annotations, ...annotations, ...annotations] }));
    expect(() => signToken(PAIR, tooMany)).toThrow(RangeError);
  });
});

describe('issuer and times', () => {
  const at = (nowMs: number) => verifyToken(token, KEYS, { ...EXPECT, nowMs });
  it.each([
    ['at issue', NOW_MS, true],
    ['30 s before issue, by a clock that is behind', NOW_MS - 30_000, true],
    ['a millisecond earlier', NOW_MS - 30_001, false],
    ['a millisecond before expiry and leeway', NOW_MS + 330_000 - 1, true],
    ['at expiry and leeway', NOW_MS + 330_000, false],
    ['long after', NOW_MS + 86_400_000, false],
  ])('%s', (_when, nowMs, ok) => {
    expect(at(nowMs)).toEqual(ok ? { ok: true, claims } : { ok: false, outcome: 'expired' });
  });

  it('refuses at a time that is none', () => {
    expect(at(Number.NaN)).toEqual({ ok: false, outcome: 'expired' });
  });

  it('refuses a token that is not valid yet, or comes from the future', () => {
    for (const late of [{ nbf: NOW + 31 }, { iat: NOW + 31 }]) {
      const outcome = verifyToken(signToken(PAIR, { ...claims, ...late }), KEYS, EXPECT);
      expect(outcome).toEqual({ ok: false, outcome: 'expired' });
    }
  });

  it('refuses another issuer', () => {
    expect(verifyToken(token, KEYS, { ...EXPECT, issuer: `${ISSUER}/` })).toEqual({
      ok: false,
      outcome: 'wrong_audience',
    });
  });
});

describe('forgeries', () => {
  const publicJwk = PAIR.publicJwk;
  const publicPem = createPublicKey(PAIR.privateKey).export({ format: 'pem', type: 'spki' }).toString();
  const hmac = (header: object, secret: string | Buffer) => {
    const input = `${encodeSegment(header)}.${encodeSegment(claims)}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };
  const stranger = createSigningKeyPair();
  const [head = '', body = '', signature = ''] = token.split('.');

  it.each<[string, string]>([
    ['alg none without a signature', `${encodeSegment({ ...HEADER, alg: 'none' })}.${body}.`],
    ['alg none with our signature', `${encodeSegment({ ...HEADER, alg: 'none' })}.${body}.${signature}`],
    ['HS256 keyed with the public key', hmac({ ...HEADER, alg: 'HS256' }, publicPem)],
    ['HS256 under our ES256 header', hmac(HEADER, publicPem)],
    ['another algorithm, correctly signed', under({ ...HEADER, alg: 'ES384' })],
    ['lower-case algorithm', under({ ...HEADER, alg: 'es256' })],
    ['a type that is another', under({ ...HEADER, typ: 'JWT' })],
    ['the type of a signed configuration', under({ ...HEADER, typ: 'countersign-config+jwt' })],
    ['no type', under({ alg: 'ES256', kid: PAIR.kid })],
    ['crit', under({ ...HEADER, crit: ['b64'], b64: false })],
    ['zip', under({ ...HEADER, zip: 'DEF' })],
    ['x5u', under({ ...HEADER, x5u: 'https://evil.example' })],
    ['members in another order', under({ kid: PAIR.kid, alg: 'ES256', typ: 'eat+jwt' })],
    [
      'a repeated member',
      under(Buffer.from(`{"alg":"none",${JSON.stringify(HEADER).slice(1)}`).toString('base64url')),
    ],
    ['no kid', under({ alg: 'ES256', typ: 'eat+jwt' })],
    ['a kid that is no string', under({ ...HEADER, kid: [PAIR.kid] })],
    ['a header that is no JSON', `bm9uZQ.${body}.${signature}`],
    ['an empty signature', `${head}.${body}.`],
    [
      'a DER signature',
      `${head}.${body}.${sign('sha256', Buffer.from(`${head}.${body}`), PAIR.privateKey).toString('base64url')}`,
    ],
    ['padding', `${head}.${body}.${signature}=`],
    ['white space', ` ${token}`],
    ['a fourth part', `${token}.x`],
    ['two parts', `${head}.${body}`],
    ['nothing', ''],
    ['a megabyte', 'A'.repeat(1 << 20)],
  ])('malformed: %s', (_what, forged) => {
    expect(verifyToken(forged, KEYS, EXPECT)).toEqual({ ok: false, outcome: 'malformed' });
  });

  it.each<[string, string]>([
    ['a key of ours that it names, another that signed', signedWith(HEADER, claims, stranger.privateKey)],
    ['a kid that we do not know', signToken(stranger, claims)],
    ['a kid that is a path', under({ ...HEADER, kid: '../../etc/passwd' })],
    ['a kid of Object.prototype', under({ ...HEADER, kid: '__proto__' })],
    ['a changed payload', `${head}.${encodeSegment({ ...claims, aud: 'shop' })}.${signature}`],
    ['an all-zero signature', `${head}.${body}.${'A'.repeat(86)}`],
  ])('bad signature: %s', (_what, forged) => {
    expect(verifyToken(forged, KEYS, EXPECT)).toEqual({ ok: false, outcome: 'bad_signature' });
  });

  it('ignores no embedded key: a header with jwk is refused, even when it verifies under it', () => {
    const forged = signedWith({ ...HEADER, jwk: stranger.publicJwk }, claims, stranger.privateKey);
    expect(verifyToken(forged, KEYS, EXPECT)).toEqual({ ok: false, outcome: 'malformed' });
    const ours = under({ ...HEADER, jwk: publicJwk });
    expect(verifyToken(ours, KEYS, EXPECT)).toEqual({ ok: false, outcome: 'malformed' });
  });

  it('does not let a key of another kind in the set verify or throw', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const keys = new Map([[PAIR.kid, publicKey]]);
    expect(verifyToken(token, keys, EXPECT)).toEqual({ ok: false, outcome: 'bad_signature' });
  });

  it('accepts no mutation of a token and throws on none', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= \u0000é';
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.nat(alphabet.length - 1), fc.nat(2), (at, symbol, cut) => {
        const mutated = token.slice(0, at) + (alphabet[symbol] ?? '') + token.slice(at + cut);
        if (mutated !== token) expect(verifyToken(mutated, KEYS, EXPECT).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('accepts no text at all and throws on none', () => {
    const part = fc.oneof(
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.tuple(part, part, part).map((parts) => parts.join('.')),
        ),
        (text) => {
          expect(verifyToken(text, KEYS, EXPECT).ok).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});
