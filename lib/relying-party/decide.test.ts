import { createHmac, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DecidingEntry } from '@/lib/block-list';
import { DECISION_OUTCOMES } from '@/lib/contracts';
import { sha256, toBase64Url } from '@/lib/core';
import { buildClaims, publicKeyOf, type TokenFacts } from '@/lib/tokens';
import { createSigningKeyPair, type SigningKey, signToken } from '@/lib/tokens/signing';
import { factsOf, ISSUER, NOW_MS, PAIR } from '@/lib/tokens/testing';
import {
  type ApiConfig,
  type CallerNetwork,
  type DecisionRequest,
  decide,
  type ManagedKey,
  type RelyingPartyState,
  STALE_AFTER_MS,
  TokenCache,
} from './index';

const NOW = NOW_MS / 1000;
const OTHER_PAIR = createSigningKeyPair();
const API: ApiConfig = { id: 'payments', appIds: new Set(['bank']), mode: 'enforce' };

const tokenOf = (changes: Partial<TokenFacts> = {}, key: SigningKey = PAIR) =>
  signToken(key, buildClaims(factsOf(changes)));
const TOKEN = tokenOf();
const ACCESS_TOKEN = 'access-token-of-the-user';
const KEY_VALUE = 'csk_value-of-the-first-version';
const BOUND = tokenOf({ bindingHash: toBase64Url(sha256(ACCESS_TOKEN)) });

/** A node's view whose every member a test may change. */
class TestState implements RelyingPartyState {
  issuer = ISSUER;
  keys = new Map<string, KeyObject>([[PAIR.kid, publicKeyOf(PAIR.publicJwk)]]);
  revokedKids = new Set<string>();
  blocked = new Set<string>();
  liftedBy: DecidingEntry | null = null;
  cutOff = Number.NEGATIVE_INFINITY;
  currentAtMs = NOW_MS;
  staleness: 'strict' | 'best_effort' = 'strict';
  cache = new TokenCache(8);
  isKeyAlive(kid: string) {
    return !this.revokedKids.has(kid);
  }
  blockDecision(instanceId: string, appId: string, caller: CallerNetwork | null) {
    const block = { id: 'b', scope: 'instance' as const };
    const isBlocked =
      this.blocked.has(`${appId}/${instanceId}`) || this.blocked.has(`${appId}/${caller?.country}`);
    return isBlocked ? { block, liftedBy: this.liftedBy, simulated: [] } : null;
  }
  cutOffSeconds() {
    return this.cutOff;
  }
  managed: ManagedKey[] = [];
  managedKeys() {
    return this.managed;
  }
  onStale() {
    return this.staleness;
  }
}

let state: TestState;
beforeEach(() => {
  state = new TestState();
});

function ask(changes: Partial<DecisionRequest> = {}, nowMs = NOW_MS) {
  return decide(state, { api: API, token: TOKEN, authorization: null, caller: null, ...changes }, nowMs);
}

/** One row per outcome: what brings it about, after the token was accepted (and so cached) once. */
const REFUSALS: readonly {
  outcome: string;
  code: string;
  change?: () => void;
  request?: Partial<DecisionRequest>;
  nowMs?: number;
}[] = [
  { outcome: 'missing', code: 'token_missing', request: { token: null } },
  { outcome: 'missing', code: 'token_missing', request: { token: '' } },
  { outcome: 'malformed', code: 'token_malformed', request: { token: 'a.b.c' } },
  { outcome: 'malformed', code: 'token_malformed', request: { token: 'A'.repeat(100_000) } },
  { outcome: 'bad_signature', code: 'token_bad_signature', request: { token: tokenOf({}, OTHER_PAIR) } },
  { outcome: 'bad_signature', code: 'token_bad_signature', change: () => state.keys.clear() },
  { outcome: 'expired', code: 'token_expired', nowMs: NOW_MS + 330_000 },
  { outcome: 'expired', code: 'token_expired', nowMs: NOW_MS - 30_001 },
  {
    outcome: 'wrong_audience',
    code: 'token_wrong_audience',
    request: { api: { ...API, appIds: new Set(['shop']) } },
  },
  {
    outcome: 'wrong_audience',
    code: 'token_wrong_audience',
    change: () => {
      state.issuer = 'https://other';
    },
  },
  { outcome: 'revoked', code: 'token_revoked', change: () => state.revokedKids.add(PAIR.kid) },
  {
    outcome: 'revoked',
    code: 'token_revoked',
    change: () => {
      state.cutOff = NOW + 1;
    },
  },
  {
    outcome: 'revoked',
    code: 'token_revoked',
    change: () => {
      state.cutOff = Number.NaN;
    },
  },
  { outcome: 'blocked', code: 'device_blocked', change: () => state.blocked.add('bank/instance-1') },
  {
    outcome: 'blocked',
    code: 'device_blocked',
    change: () => state.blocked.add('bank/DE'),
    request: { caller: { key: null, country: 'DE', asn: null } },
  },
  {
    outcome: 'stale',
    code: 'snapshot_stale',
    change: () => {
      state.currentAtMs = NOW_MS - STALE_AFTER_MS - 1;
    },
  },
  {
    outcome: 'stale',
    code: 'snapshot_stale',
    change: () => {
      state.currentAtMs = NOW_MS + STALE_AFTER_MS + 1;
    },
  },
  { outcome: 'binding_mismatch', code: 'token_binding_mismatch', request: { token: BOUND } },
  { outcome: 'api_key_missing', code: 'api_key_missing', change: () => demand('active') },
  {
    outcome: 'api_key_missing',
    code: 'api_key_missing',
    change: () => demand('active'),
    request: { apiKey: '' },
  },
  ...['another', `${KEY_VALUE} `].map((apiKey) => ({
    outcome: 'api_key_wrong',
    code: 'api_key_wrong',
    change: () => demand('active'),
    request: { apiKey },
  })),
  {
    outcome: 'api_key_wrong',
    code: 'api_key_wrong',
    change: () => demand('staged'),
    request: { apiKey: KEY_VALUE },
  },
  {
    outcome: 'api_key_revoked',
    code: 'api_key_revoked',
    change: () => demand('revoked'),
    request: { apiKey: KEY_VALUE },
  },
  {
    outcome: 'api_key_revoked',
    code: 'api_key_revoked',
    change: () => demand('retiring', NOW_MS),
    request: { apiKey: KEY_VALUE },
  },
];

/** Has the API demand a key of which there is one version. */
function demand(status: ManagedKey['versions'][number]['status'], retiresAtMs: number | null = null): void {
  const version = { version: 1, status, retiresAtMs, hash: sha256(KEY_VALUE) };
  state.managed = [{ id: 'key', appId: 'bank', isRequired: true, versions: [version] }];
}

describe('a managed API key', () => {
  it.each([['active', null] as const, ['retiring', NOW_MS + 1] as const])(
    'that is %s lets the request pass, and is told',
    (status, retiresAtMs) => {
      demand(status, retiresAtMs);
      const presented = { keyId: 'key', version: 1, standing: status };
      expect(ask({ apiKey: KEY_VALUE })).toMatchObject({ outcome: 'valid', apiKey: presented });
    },
  );

  it('is only counted until it is required, and asked of its own app alone', () => {
    demand('active');
    state.managed = state.managed.map((key) => ({ ...key, isRequired: false }));
    expect(ask()).toMatchObject({ outcome: 'valid', apiKey: { version: null, standing: 'none' } });
    demand('active');
    state.managed = state.managed.map((key) => ({ ...key, appId: 'shop' }));
    expect(ask()).toMatchObject({ outcome: 'valid', apiKey: null });
  });

  it('that was stolen is told where there is no token, or none that is good', () => {
    demand('revoked');
    for (const token of [null, 'a.b.c', tokenOf({}, OTHER_PAIR)]) {
      expect(ask({ token, apiKey: KEY_VALUE }).apiKey).toMatchObject({ version: 1, standing: 'revoked' });
      expect(ask({ token, apiKey: 'another' }).apiKey).toBeNull();
    }
  });
});

describe('a good token', () => {
  it('is allowed, before and after it is cached', () => {
    for (const _ of [1, 2]) {
      expect(ask()).toMatchObject({ allow: true, outcome: 'valid', code: null, stale: false });
    }
    expect(ask().claims).toMatchObject({ aud: 'bank', sub: 'instance-1' });
    expect(state.cache.size).toBe(1);
  });

  it('is good to the last millisecond of its leeway', () => {
    state.currentAtMs = NOW_MS + 330_000;
    expect(ask({}, NOW_MS + 330_000 - 1).outcome).toBe('valid');
  });

  it('survives a cut-off at its own second', () => {
    state.cutOff = NOW;
    expect(ask().outcome).toBe('valid');
  });

  it('passes on a stale view where the app prefers that, and says so', () => {
    state.currentAtMs = NOW_MS - STALE_AFTER_MS;
    expect(ask()).toMatchObject({ outcome: 'valid', stale: false });
    state.currentAtMs -= 1;
    state.staleness = 'best_effort';
    expect(ask()).toMatchObject({ allow: true, outcome: 'valid', stale: true });
  });
});

describe('a refusal', () => {
  it.each(REFUSALS)(
    '$outcome, whether or not the token is cached',
    ({ outcome, code, change, request, nowMs }) => {
      for (const isCached of [false, true]) {
        state = new TestState();
        if (isCached) expect(ask().outcome).toBe('valid');
        change?.();
        expect(ask(request, nowMs)).toMatchObject({ allow: false, outcome, code });
      }
    },
  );

  it.each(REFUSALS)(
    '$outcome lets an observed API’s request pass, and is told',
    ({ outcome, code, ...row }) => {
      row.change?.();
      const api: ApiConfig = { ...API, ...row.request?.api, mode: 'observe' };
      expect(ask({ ...row.request, api }, row.nowMs)).toMatchObject({ allow: true, outcome, code });
    },
  );

  it('has a row for every outcome but those that need a proof of possession', () => {
    const covered = new Set(REFUSALS.map(({ outcome }) => outcome));
    expect(DECISION_OUTCOMES.filter((outcome) => !covered.has(outcome))).toEqual(['valid', 'replayed']);
  });

  it('lets a blocked device pass that an allowlist entry lifts, and tells of both', () => {
    state.blocked.add('bank/instance-1');
    state.liftedBy = { id: 'a', scope: 'instance' };
    expect(ask()).toMatchObject({ outcome: 'valid', blocks: { block: { id: 'b' }, liftedBy: { id: 'a' } } });
    expect(ask({ token: tokenOf({}, OTHER_PAIR) })).toMatchObject({ outcome: 'bad_signature', blocks: null });
  });

  it('gives the first reason in the order of the protocol', () => {
    state.currentAtMs = 0;
    state.blocked.add('bank/instance-1');
    expect(ask().outcome).toBe('blocked');
    state.cutOff = NOW + 1;
    state.blocked.clear();
    expect(ask().outcome).toBe('revoked');
    expect(ask({}, NOW_MS + 400_000).outcome).toBe('expired');
    state.revokedKids.add(PAIR.kid);
    expect(ask({}, NOW_MS + 400_000).outcome).toBe('revoked');
  });
});

describe('binding', () => {
  it.each([
    ['Bearer', `Bearer ${ACCESS_TOKEN}`, 'valid'],
    ['another scheme', `DPoP ${ACCESS_TOKEN}`, 'valid'],
    ['more spaces', `Bearer   ${ACCESS_TOKEN}`, 'valid'],
    ['another access token', 'Bearer other', 'binding_mismatch'],
    ['a longer one', `Bearer ${ACCESS_TOKEN}x`, 'binding_mismatch'],
    ['no scheme', ACCESS_TOKEN, 'binding_mismatch'],
    ['no credentials', 'Bearer ', 'binding_mismatch'],
    ['our own scheme', `Attestation ${ACCESS_TOKEN}`, 'binding_mismatch'],
    ['nothing', '', 'binding_mismatch'],
  ])('to the credentials of Authorization: %s', (_what, authorization, outcome) => {
    for (const _ of [1, 2]) expect(ask({ token: BOUND, authorization }).outcome).toBe(outcome);
  });

  it('is not asked of a token that is bound to nothing', () => {
    expect(ask({ authorization: 'Bearer anything' }).outcome).toBe('valid');
  });
});

describe('the cache', () => {
  it('holds no token that was not verified, and no more than its capacity', () => {
    ask({ token: tokenOf({}, OTHER_PAIR) });
    ask({ token: 'a.b.c' });
    expect(state.cache.size).toBe(0);
    for (let n = 0; n < 20; n++) ask({ token: tokenOf({ tokenId: `token-${n}` }) });
    expect(state.cache.size).toBeLessThanOrEqual(8);
  });

  it('does not answer for a text that only resembles a cached token', () => {
    ask();
    for (const other of [`${TOKEN}=`, ` ${TOKEN}`, TOKEN.slice(0, -1), TOKEN.toLowerCase()]) {
      expect(ask({ token: other }).allow).toBe(false);
    }
  });

  it('forgets what a replaced key verified', () => {
    ask();
    state.keys.set(PAIR.kid, publicKeyOf(OTHER_PAIR.publicJwk));
    expect(ask().outcome).toBe('bad_signature');
  });

  it('gives the same answers as no cache, whatever changes between the questions', () => {
    const tokens = [TOKEN, BOUND, tokenOf({ instanceId: 'instance-2' }), tokenOf({}, OTHER_PAIR), 'x.y.z'];
    const steps: Record<string, () => void> = {
      block: () => state.blocked.add('bank/instance-1'),
      unblock: () => state.blocked.clear(),
      cutOff: () => {
        state.cutOff = NOW + 1;
      },
      revokeKey: () => state.revokedKids.add(PAIR.kid),
      dropKey: () => state.keys.delete(PAIR.kid),
      addKey: () => state.keys.set(OTHER_PAIR.kid, publicKeyOf(OTHER_PAIR.publicJwk)),
      goStale: () => {
        state.currentAtMs = 0;
      },
    };
    const step = fc.record({
      token: fc.constantFrom(...tokens),
      change: fc.option(fc.constantFrom(...Object.keys(steps)), { freq: 4 }),
      afterMs: fc.constantFrom(270_000, 329_999, 330_000),
      authorization: fc.constantFrom(null, `Bearer ${ACCESS_TOKEN}`, 'Bearer other'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (sequence) => {
        state = new TestState();
        state.currentAtMs = NOW_MS + 300_000;
        for (const { token, change, afterMs, authorization } of sequence) {
          if (change !== null) steps[change]?.();
          const warm = ask({ token, authorization }, NOW_MS + afterMs);
          const cache = state.cache;
          state.cache = new TokenCache(1);
          expect(ask({ token, authorization }, NOW_MS + afterMs)).toEqual(warm);
          state.cache = cache;
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('hostile input', () => {
  const [head = '', body = '', signature = ''] = TOKEN.split('.');
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const publicPem = publicKeyOf(PAIR.publicJwk).export({ format: 'pem', type: 'spki' });
  const hs256 = `${encode({ alg: 'HS256', kid: PAIR.kid, typ: 'eat+jwt' })}.${body}`;

  it.each([
    ['alg none', `${encode({ alg: 'none', kid: PAIR.kid, typ: 'eat+jwt' })}.${body}.`],
    [
      'HS256 with the public key',
      `${hs256}.${createHmac('sha256', publicPem).update(hs256).digest('base64url')}`,
    ],
    ['another type', `${encode({ alg: 'ES256', kid: PAIR.kid, typ: 'JWT' })}.${body}.${signature}`],
    ['crit', `${encode({ alg: 'ES256', kid: PAIR.kid, typ: 'eat+jwt', crit: ['x'] })}.${body}.${signature}`],
    [
      'an embedded key',
      `${encode({ alg: 'ES256', kid: PAIR.kid, typ: 'eat+jwt', jwk: OTHER_PAIR.publicJwk })}.${body}.${signature}`,
    ],
    ['a stripped signature', `${head}.${body}.`],
  ])('%s is refused, also while the genuine token is cached', (_what, token) => {
    ask();
    expect(ask({ token })).toMatchObject({ allow: false, outcome: 'malformed', claims: null });
  });

  it('never throws and never allows, whatever is presented', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.nat(TOKEN.length - 1).map((at) => TOKEN.slice(0, at)),
      fc.nat(TOKEN.length - 1).map((at) => `${TOKEN.slice(0, at)}~${TOKEN.slice(at + 1)}`),
    );
    fc.assert(
      fc.property(text, fc.option(fc.string()), fc.double(), (token, authorization, nowMs) => {
        expect(ask({ token, authorization }).allow).toBe(false);
        expect(ask({ token, authorization }, nowMs).allow).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
