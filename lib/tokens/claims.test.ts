import { describe, expect, it } from 'vitest';
import { buildClaims, earStatus, trustTier, verifyToken } from './index';
import { factsOf, ISSUER, KEYS, NOW_MS, PAIR, signedWith, vectorOf } from './testing';

const claims = buildClaims(factsOf({ bindingHash: 'A'.repeat(43), sessionKeyThumbprint: 'B'.repeat(43) }));
const NOW = NOW_MS / 1000;

describe('a signed payload that is no attestation result', () => {
  const ear = claims.submods.app;
  const withEar = (changes: object) => ({ submods: { app: { ...ear, ...changes } } });
  const check = (payload: unknown) => {
    const token = signedWith({ alg: 'ES256', kid: PAIR.kid, typ: 'eat+jwt' }, payload);
    return verifyToken(token, KEYS, { nowMs: NOW_MS, issuer: ISSUER, leewaySeconds: 30 });
  };

  it('differs from one that is', () => {
    expect(check(claims)).toEqual({ ok: true, claims });
  });

  it.each(Object.keys(claims))('has a wrong type for %s', (name) => {
    for (const wrong of [null, true, {}, [1], Number.MAX_VALUE]) {
      expect(check({ ...claims, [name]: wrong })).toEqual({ ok: false, outcome: 'malformed' });
    }
  });

  const optional = ['cnf', 'bnd', 'ann'];
  it.each(Object.keys(claims).filter((name) => !optional.includes(name)))('lacks %s', (name) => {
    expect(check({ ...claims, [name]: undefined })).toEqual({ ok: false, outcome: 'malformed' });
  });

  it.each<[string, object]>([
    ['another profile', { eat_profile: 'tag:github.com,2023:veraison/ear' }],
    ['a contraindicated status', withEar({ ear_status: 'contraindicated' })],
    ['status none', withEar({ ear_status: 'none' })],
    ['a vector that lacks a member', withEar({ ear_trustworthiness_vector: { hardware: 2 } })],
    ['a vector above its range', withEar({ ear_trustworthiness_vector: vectorOf({ hardware: 128 }) })],
    ['a vector below its range', withEar({ ear_trustworthiness_vector: vectorOf({ hardware: -129 }) })],
    ['a fractional vector', withEar({ ear_trustworthiness_vector: vectorOf({ hardware: 2.5 }) })],
    ['policy ids that are no texts', withEar({ ear_appraisal_policy_ids: [7] })],
    ['an audience list', { aud: ['bank'] }],
    ['a textual expiry', { exp: '9999999999' }],
    ['a fractional expiry', { exp: NOW + 0.5 }],
    ['a negative time', { iat: -1 }],
    ['a short binding', { bnd: 'AAAA' }],
  ])('has %s', (_what, changes) => {
    expect(check({ ...claims, ...changes })).toEqual({ ok: false, outcome: 'malformed' });
  });

  it.each([[[claims]], [null], ['text'], [7]])('is %j', (payload) => {
    expect(check(payload)).toEqual({ ok: false, outcome: 'malformed' });
  });
});

describe('EAR status', () => {
  it.each([
    [0, 'none'],
    [1, 'none'],
    [-1, 'none'],
    [2, 'affirming'],
    [31, 'affirming'],
    [32, 'warning'],
    [-32, 'warning'],
    [95, 'warning'],
    [96, 'contraindicated'],
    [-128, 'contraindicated'],
  ])('%i is of tier %s', (value, tier) => {
    expect(trustTier(value)).toBe(tier);
  });

  it.each([
    ['trusted', {}, 'affirming'],
    ['trusted', { hardware: 0 }, 'affirming'],
    ['flagged', {}, 'warning'],
    ['restricted', {}, 'warning'],
    ['rejected', {}, 'contraindicated'],
    ['trusted', { hardware: 32 }, 'warning'],
    ['flagged', { hardware: 97 }, 'contraindicated'],
  ] as const)('%s with %o is %s: the worst entry bounds it', (verdict, changes, status) => {
    expect(earStatus(verdict, vectorOf(changes))).toBe(status);
  });

  it('no token is built on a contraindicating vector', () => {
    expect(() => buildClaims(factsOf({ vector: vectorOf({ hardware: 97 }) }))).toThrow(TypeError);
  });
});
