import { createHmac, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EVIDENCE_CODES, type EvidenceCode, type Verification } from '@/lib/contracts';
import { sha256, toBase64Url } from '@/lib/core';
import { createPlayIssuer, verdictPayload } from '../testing';
import type { TokenTwist, VerdictOptions } from '../testing/play';
import { readPlayKeys } from './keys';
import {
  type IntegrityContext,
  PLAY_DEFAULTS,
  playApps,
  refusedByGoogle,
  verifyDecodedVerdict,
  verifyPlayToken,
  verifySignedVerdict,
} from './verify-play';

const issuer = createPlayIssuer();
const read = readPlayKeys(issuer.keys);
if (!read.ok) throw new Error(`the issuer's ${read.wrong} cannot be read`);
const { keys } = read;

const NOW_MS = Date.UTC(2026, 5, 15, 12);
const HASH = sha256('client data');
const DIGEST = 'ab'.repeat(32);
const HONEST: VerdictOptions = {
  packageName: 'com.example.app',
  signerDigest: DIGEST,
  versionCode: 7,
  clientDataHash: HASH,
  nowMs: NOW_MS - 5_000,
};
const CONTEXT: IntegrityContext = {
  nowMs: NOW_MS,
  request: 'classic',
  clientDataHash: HASH,
  apps: playApps([{ packageName: 'com.example.app', signerDigests: [DIGEST] }]),
  testingAllowed: false,
  ...PLAY_DEFAULTS,
};

interface Twist {
  readonly verdict?: Partial<VerdictOptions>;
  readonly payload?: (payload: Record<string, unknown>) => unknown;
  readonly token?: TokenTwist;
  readonly context?: Partial<IntegrityContext>;
  readonly edit?: (token: string) => string;
}

/** An honest token, but for the twist. */
function verify({ verdict, payload = (made) => made, token, context, edit = (made) => made }: Twist = {}) {
  const made = issuer.token(payload(verdictPayload({ ...HONEST, ...verdict })), token);
  return verifyPlayToken(edit(made), keys, { ...CONTEXT, ...context });
}

/** The payload with one member of its request's details changed. */
const details = (change: Record<string, unknown>) => (made: Record<string, unknown>) => ({
  ...made,
  requestDetails: { ...(made.requestDetails as object), ...change },
});
const appOf = (change: Record<string, unknown>) => (made: Record<string, unknown>) => ({
  ...made,
  appIntegrity: { ...(made.appIntegrity as object), ...change },
});
const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** An HMAC with the public key as its secret, which anybody could make. */
function confusedToken(): string {
  const header = toBase64Url(Buffer.from('{"alg":"HS256"}'));
  const input = `${header}.${toBase64Url(Buffer.from(JSON.stringify(verdictPayload(HONEST))))}`;
  const mac = createHmac('sha256', Buffer.from(issuer.keys.verificationKey, 'base64')).update(input);
  return issuer.token({}, { content: Buffer.from(`${input}.${mac.digest('base64url')}`) });
}

const ROWS: readonly (readonly [EvidenceCode, string, () => Verification<unknown>])[] = [
  ['integrity_token_malformed', 'no token', () => verify({ edit: () => '' })],
  ['integrity_token_malformed', 'a sixth part', () => verify({ edit: (token) => `${token}.AA` })],
  ['integrity_token_malformed', 'padding', () => verify({ edit: (token) => `${token}=` })],
  [
    'integrity_token_malformed',
    'a long token',
    () => verify({ edit: (token) => token + 'A'.repeat(20_000) }),
  ],
  ['integrity_token_malformed', 'content that is no JWS', () => verify({ token: { content: HASH } })],
  ['integrity_token_algorithm', 'compression', () => verify({ token: { jweHeader: { zip: 'DEF' } } })],
  ['integrity_token_algorithm', 'crit', () => verify({ token: { jweHeader: { crit: ['x'] } } })],
  ['integrity_token_algorithm', 'dir', () => verify({ token: { jweHeader: { alg: 'dir' } } })],
  ['integrity_token_algorithm', 'A128GCM', () => verify({ token: { jweHeader: { enc: 'A128GCM' } } })],
  ['integrity_token_algorithm', 'none', () => verify({ token: { jwsHeader: { alg: 'none' } } })],
  ['integrity_token_algorithm', 'a MAC', () => verifyPlayToken(confusedToken(), keys, CONTEXT)],
  ['integrity_token_algorithm', 'crit inside', () => verify({ token: { jwsHeader: { crit: ['b64'] } } })],
  [
    'integrity_token_undecryptable',
    'another key',
    () => verifyPlayToken(issuer.token(verdictPayload(HONEST)), { ...keys, decryptionKey: HASH }, CONTEXT),
  ],
  ['integrity_token_bad_signature', 'another signer', () => verify({ token: { signingKey: otherKey } })],
  ['integrity_token_refused', 'what Google does not decode', refusedByGoogle],
  ['integrity_payload_malformed', 'an array', () => verify({ payload: () => [] })],
  ['integrity_payload_malformed', 'no details', () => verify({ payload: () => ({}) })],
  ...[undefined, null, '', '1e3', '0x10', ' 1', '-1', 1.5, 'Infinity'].map(
    (timestampMillis): readonly [EvidenceCode, string, () => Verification<unknown>] => [
      'integrity_payload_malformed',
      `the time ${JSON.stringify(timestampMillis)}`,
      () => verify({ payload: details({ timestampMillis }) }),
    ],
  ),
  [
    'integrity_payload_malformed',
    'labels that are a text',
    () => verify({ payload: (made) => ({ ...made, deviceIntegrity: { deviceRecognitionVerdict: 'X' } }) }),
  ],
  ['integrity_request_mismatch', 'no nonce', () => verify({ payload: details({ nonce: undefined }) })],
  [
    'integrity_request_mismatch',
    'another nonce',
    () => verify({ verdict: { clientDataHash: DIGEST_BYTES } }),
  ],
  ['integrity_request_mismatch', 'the other kind', () => verify({ context: { request: 'standard' } })],
  ['integrity_stale', 'a second too old', () => verify({ verdict: { nowMs: NOW_MS - 600_001 } })],
  ['integrity_stale', 'too far ahead', () => verify({ verdict: { nowMs: NOW_MS + 60_001 } })],
  [
    'integrity_testing_response',
    'a testing response',
    () => verify({ verdict: { isTestingResponse: true } }),
  ],
  [
    'integrity_app_mismatch',
    'another requester',
    () => verify({ payload: details({ requestPackageName: 'x' }) }),
  ],
  [
    'integrity_app_mismatch',
    'another package',
    () => verify({ payload: appOf({ packageName: 'com.evil' }) }),
  ],
  ['integrity_app_mismatch', 'another signer', () => verify({ verdict: { signerDigest: 'cd'.repeat(32) } })],
  ['integrity_app_mismatch', 'no signer', () => verify({ payload: appOf({ certificateSha256Digest: [] }) })],
  ['integrity_app_mismatch', 'no registered app', () => verify({ context: { apps: [] } })],
  [
    'integrity_app_mismatch',
    'a recognised app without a name',
    () => verify({ payload: appOf({ packageName: undefined, certificateSha256Digest: undefined }) }),
  ],
];
const DIGEST_BYTES = Buffer.from(DIGEST, 'hex');

describe('a Play Integrity token', () => {
  it('that is honest verifies, and gives its signed content for a replay', () => {
    const verification = verify();
    expect(verification).toMatchObject({ ok: true, claims: { recognition: 'PLAY_RECOGNIZED' } });
    const signed = verification.signed ?? new Uint8Array();
    const { signed: _, ...rest } = verification;
    const replayed = verifySignedVerdict(signed, keys.verificationKey, CONTEXT);
    expect(replayed).toEqual({ ...rest, checks: rest.checks.slice(3) });
  });

  it.each(ROWS)('is refused with %s: %s', (code, _what, run) => {
    const verification = run();
    expect(verification).toMatchObject({ ok: false, code });
    expect(verification.checks.filter(({ outcome }) => outcome === 'fail')).toHaveLength(1);
  });

  it('has a row for every code of its own', () => {
    const tested = new Set(ROWS.map(([code]) => code));
    const own = EVIDENCE_CODES.filter((code) => code.startsWith('integrity_'));
    expect(own.filter((code) => !tested.has(code))).toEqual([]);
  });

  it('of a standard request is bound by its requestHash', () => {
    const standard = { request: 'standard' } as const;
    expect(verify({ verdict: standard, context: standard })).toMatchObject({ ok: true });
  });

  it('may be a testing response only where the app is in development, and says so', () => {
    const verification = verify({ verdict: { isTestingResponse: true }, context: { testingAllowed: true } });
    expect(verification).toMatchObject({ ok: true, claims: { isTestingResponse: true } });
    expect(verification.checks).toContainEqual(
      expect.objectContaining({ id: 'integrity_testing_response', outcome: 'warn' }),
    );
  });

  it('says that STRONG means no patches where the system is older than Android 13', () => {
    const labels = (sdkVersion: number) => verify({ verdict: { sdkVersion } }).checks.at(-1);
    expect(labels(32)).toMatchObject({ id: 'integrity_device_labels', outcome: 'warn' });
    expect(labels(33)).toMatchObject({ id: 'integrity_device_labels', outcome: 'pass' });
  });

  it('that says nothing of the app makes no claim about it', () => {
    const verification = verify({
      payload: (made) => ({ ...made, appIntegrity: { appRecognitionVerdict: 'UNEVALUATED' } }),
    });
    expect(verification).toMatchObject({ ok: true, claims: { app: null, recognition: 'UNEVALUATED' } });
  });

  it('decoded by Google is held to the same', () => {
    const payload = verdictPayload({ ...HONEST, request: 'standard' });
    const context = { ...CONTEXT, request: 'standard' } as const;
    expect(verifyDecodedVerdict(payload, context)).toMatchObject({ ok: true });
    expect(verifyDecodedVerdict(payload, { ...context, clientDataHash: DIGEST_BYTES })).toMatchObject({
      code: 'integrity_request_mismatch',
    });
  });
});

describe('response keys', () => {
  it.each([
    ['decryptionKey', { decryptionKey: '' }],
    ['decryptionKey', { decryptionKey: Buffer.alloc(16).toString('base64') }],
    ['decryptionKey', { decryptionKey: `${issuer.keys.decryptionKey} ` }],
    ['verificationKey', { verificationKey: 'AAAA' }],
    [
      'verificationKey',
      {
        verificationKey: generateKeyPairSync('ec', { namedCurve: 'P-384' })
          .publicKey.export({ format: 'der', type: 'spki' })
          .toString('base64'),
      },
    ],
  ] as const)('say which one cannot be read: %s %j', (wrong, change) => {
    expect(readPlayKeys({ ...issuer.keys, ...change })).toEqual({ ok: false, wrong });
  });
});
