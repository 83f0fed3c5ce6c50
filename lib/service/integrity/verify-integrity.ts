import type { Check, EvidenceClaims, EvidenceCode, IntegrityClaims, Verification } from '@/lib/contracts';
import {
  type IntegrityContext,
  PLAY_DEFAULTS,
  playApps,
  refusedByGoogle,
  verifyDecodedVerdict,
  verifyPlayToken,
} from '@/lib/evidence';
import type { OpenedIntegrity } from '@/lib/integrity';
import type { AppEntry } from '../snapshot/state';
import type { GoogleDecoder } from './google-decoder';
import type { PlayRing } from './play-ring';

/** What the Play Integrity token of a request proves. */
export interface IntegrityFacts {
  /** Claims of the verdict that came with the request; `null` where none did, or it could not be looked at. */
  readonly claims: IntegrityClaims | null;
  readonly failure: EvidenceCode | null;
  readonly checks: readonly Check[];
  /** What a replay needs. */
  readonly replay: { readonly signed: Uint8Array | null; readonly payload: unknown } | null;
}

const NOTHING: IntegrityFacts = { claims: null, failure: null, checks: [], replay: null };

/** What the verification of tokens works with. */
export interface IntegrityTools {
  readonly ring: PlayRing;
  readonly decoder: GoogleDecoder;
}

/** A token with what it must be bound to. */
export interface IntegrityQuestion {
  readonly entry: AppEntry;
  readonly token: string | undefined;
  /** Claims of the key that was verified: whose token it is. */
  readonly claims: EvidenceClaims;
  readonly clientDataHash: Uint8Array;
  readonly nowMs: number;
}

/**
 * Verifies the Play Integrity token that came with verified evidence of an Android device. A token that proves something
 * else fails the attestation; one that cannot be looked at, for no fault of the device, leaves it without a verdict, and
 * the policy says whether that is good enough.
 */
export async function verifyIntegrity(
  { ring, decoder }: IntegrityTools,
  question: IntegrityQuestion,
): Promise<IntegrityFacts> {
  const { entry, token, claims } = question;
  if (token === undefined) return NOTHING;
  if (claims.platform !== 'android') return notLookedAt('skip', 'Only Android devices have verdicts.');
  const request = entry.app.integrityRequest;
  if (request === null) return notLookedAt('skip', 'The app is not set up for Play Integrity.');
  const secrets = await ring.current(entry);
  if (secrets === undefined) return notLookedAt('warn', 'The app’s secrets of Play Integrity are not open.');
  const context: IntegrityContext = {
    nowMs: question.nowMs,
    request,
    clientDataHash: question.clientDataHash,
    apps: playApps(entry.reference.androidApps),
    testingAllowed: entry.app.environment === 'development',
    ...PLAY_DEFAULTS,
  };
  return request === 'classic'
    ? verifyClassic(token, secrets, context)
    : await verifyStandard(decoder, { ...question, token }, secrets, context);
}

function verifyClassic(token: string, { keys }: OpenedIntegrity, context: IntegrityContext): IntegrityFacts {
  if (keys === null) return notLookedAt('warn', 'The app’s response keys are missing or cannot be opened.');
  const { signed, ...verification } = verifyPlayToken(token, keys, context);
  return factsOf(verification, { signed, payload: undefined });
}

async function verifyStandard(
  decoder: GoogleDecoder,
  { entry, token, claims }: IntegrityQuestion & { token: string },
  { account, dailyQuota }: OpenedIntegrity,
  context: IntegrityContext,
): Promise<IntegrityFacts> {
  if (account === null)
    return notLookedAt('warn', 'The app’s service account is missing or cannot be opened.');
  const decoded = await decoder.decode({
    appId: entry.app.id,
    packageName: claims.app.id,
    token,
    account,
    dailyQuota,
  });
  switch (decoded.kind) {
    case 'unavailable':
      return notLookedAt('warn', `The verdict could not be decoded: ${decoded.why}.`);
    case 'refused':
      return factsOf(refusedByGoogle(), null);
    case 'decoded':
      return factsOf(verifyDecodedVerdict(decoded.payload, context), {
        signed: null,
        payload: decoded.payload,
      });
  }
}

function factsOf(
  verification: Verification<IntegrityClaims>,
  replay: IntegrityFacts['replay'],
): IntegrityFacts {
  return {
    claims: verification.ok ? verification.claims : null,
    failure: verification.ok ? null : verification.code,
    checks: verification.checks,
    replay,
  };
}

function notLookedAt(outcome: 'skip' | 'warn', detail: string): IntegrityFacts {
  return { ...NOTHING, checks: [{ id: 'integrity_token', outcome, detail }] };
}
