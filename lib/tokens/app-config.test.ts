import { describe, expect, it } from 'vitest';
import { buildClaims, verifyConfig, verifyToken } from './index';
import { signConfig, signToken } from './signing';
import { encodeSegment, factsOf, ISSUER, KEYS, NOW_MS, PAIR, signedWith } from './testing';

const NOW = NOW_MS / 1000;

describe('the signed configuration', () => {
  const config = {
    version: 3,
    pins: [
      {
        host: 'api.example',
        includeSubdomains: false,
        reportOnly: false,
        spkiSha256: [Buffer.alloc(32, 1).toString('base64')],
      },
    ],
    protectedOrigins: ['https://api.example'],
    parameters: { refresh: '240' },
  };
  const jws = signConfig(PAIR, { issuer: ISSUER, appId: 'bank', config, nowMs: NOW_MS });
  const expected = { issuer: ISSUER, appId: 'bank' };

  it('verifies for its app and issuer only', () => {
    expect(verifyConfig(jws, KEYS, expected)).toEqual({ ok: true, config });
    for (const other of [
      { ...expected, appId: 'shop' },
      { ...expected, issuer: 'https://other' },
    ]) {
      expect(verifyConfig(jws, KEYS, other)).toEqual({ ok: false, outcome: 'wrong_audience' });
    }
  });

  it('is never taken for a token, nor a token for it', () => {
    const expectations = { nowMs: NOW_MS, issuer: ISSUER, leewaySeconds: 30 };
    const token = signToken(PAIR, buildClaims(factsOf()));
    expect(verifyToken(jws, KEYS, expectations)).toEqual({ ok: false, outcome: 'malformed' });
    expect(verifyConfig(token, KEYS, expected)).toEqual({ ok: false, outcome: 'malformed' });
  });

  it('refuses a changed one, one of another key, one of another shape and one that is too long', () => {
    const [head = '', , signature = ''] = jws.split('.');
    const forged = `${head}.${encodeSegment({ iss: ISSUER, aud: 'bank', iat: NOW, config: { ...config, pins: [] } })}.${signature}`;
    expect(verifyConfig(forged, KEYS, expected)).toEqual({ ok: false, outcome: 'bad_signature' });
    expect(verifyConfig(jws, new Map(), expected)).toEqual({ ok: false, outcome: 'bad_signature' });
    const header = { alg: 'ES256', kid: PAIR.kid, typ: 'countersign-config+jwt' };
    const shapeless = signedWith(header, { iss: ISSUER, aud: 'bank', iat: NOW });
    expect(verifyConfig(shapeless, KEYS, expected)).toEqual({ ok: false, outcome: 'malformed' });
    expect(verifyConfig('A'.repeat(300_000), KEYS, expected)).toEqual({ ok: false, outcome: 'malformed' });
    const parameters = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`p${i}`, 'x'.repeat(1024)]));
    const tooLong = { issuer: ISSUER, appId: 'bank', config: { ...config, parameters }, nowMs: NOW_MS };
    expect(() => signConfig(PAIR, tooLong)).toThrow(RangeError);
  });
});
