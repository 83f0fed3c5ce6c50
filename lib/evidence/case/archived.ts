import { z } from 'zod';
import {
  attestRequestSchema,
  type EvidenceClaims,
  type EvidenceCode,
  evidenceClaimsSchema,
  evidenceCodeSchema,
  evidenceSchema,
  type IntegrityClaims,
  integrityClaimsSchema,
  integrityRequestSchema,
  platformSchema,
  quarantineSnapshotSchema,
  trustAnchorSchema,
  type Verification,
} from '@/lib/contracts';
import { fromBase64Url } from '@/lib/core';
import { anchorsWith, BUILT_IN_ANCHORS } from '../anchors';
import { recheckRevocation } from '../android/revocation';
import { androidApps, appleAppId, type VerificationContext } from '../context';
import { verifyAssertion, verifyEnrolment } from '../formats';
import { readVerificationKey } from '../play/keys';
import {
  type IntegrityContext,
  PLAY_DEFAULTS,
  playApps,
  verifyDecodedVerdict,
  verifySignedVerdict,
} from '../play/verify-play';
import { knownRevocationSchema, revocationContextOf } from './known-revocation';

const text = z.string();

/** The Play Integrity verdict that came with an attestation, as far as it could be opened. */
const archivedVerdictSchema = z.object({
  request: integrityRequestSchema,
  /** What Google signed, base64url; `null` where Google itself decoded the token. */
  signed: text.nullable(),
  /** The key that it was verified with, base64 of DER. */
  verificationKey: text.nullable(),
  /** What Google decoded. */
  payload: z.unknown().optional(),
});

/**
 * One attestation's raw evidence with everything that its verification was given besides: enough to come to the same
 * verdict again, with no look at anything that may have changed since.
 */
export const archivedEvidenceSchema = z.object({
  schema: z.literal(1),
  kind: z.enum(['enrol', 'attest']),
  reference: text,
  receivedAtMs: z.number(),
  /** The client data as it was sent, base64url; `null` where it was taken out, because its hash is enough. */
  clientData: text.nullable(),
  /** SHA-256 of it, base64url. */
  clientDataHash: text,
  evidence: evidenceSchema.nullable(),
  assertion: attestRequestSchema.shape.assertion.nullable(),
  /** The enrolment that an assertion rests on. */
  enrolment: z
    .object({ claims: evidenceClaimsSchema, counter: z.number(), evidenceAgeSeconds: z.number() })
    .nullable(),
  verdict: archivedVerdictSchema.nullable(),
  /** The newest Play Integrity claims of before, which count where no verdict came with it. */
  knownIntegrity: integrityClaimsSchema.nullable(),
  app: z.object({
    environment: z.enum(['production', 'development']),
    appleTeamId: text.nullable(),
    appleBundleIds: z.array(text),
    appleEnvironments: z.array(z.enum(['production', 'development'])),
    androidPackages: z.array(text),
    androidSignerDigests: z.array(text),
    trustAnchors: z.array(trustAnchorSchema),
    /** The version that judged it, which a rollout may have chosen. */
    policyVersion: z.number().int(),
    quarantines: z.array(quarantineSnapshotSchema),
  }),
  /** What was known of revoked attestation keys. */
  revocation: knownRevocationSchema,
  /** What the app said of itself and its device, and where it came from. */
  client: z.object({
    platform: platformSchema.or(z.literal('unknown')),
    appVersion: text,
    osVersion: text,
    model: text,
    country: text.nullable(),
    networkKind: text,
  }),
  /** What the service found, in the evidence and besides. */
  found: z.object({
    failure: evidenceCodeSchema.nullable(),
    serverThreats: z.array(text),
    runtimeThreats: z.array(text),
    /** Threats that the app looked for and did not find. */
    clear: z.array(text),
    appVersion: z.object({ registered: z.boolean(), withdrawn: z.boolean(), belowMinimum: z.boolean() }),
    verdict: text,
    decidingThreat: text.nullable(),
  }),
});
export type ArchivedEvidence = z.infer<typeof archivedEvidenceSchema>;

/** What a second verification of archived evidence comes to. */
export interface Replay {
  readonly verification: Verification;
  readonly integrity: Verification<IntegrityClaims> | null;
  /** Claims to be appraised; `null` where something failed. */
  readonly claims: EvidenceClaims | null;
  readonly failure: EvidenceCode | null;
  readonly evidenceAgeSeconds: number;
}

/** Verifies archived evidence again, at its own time and by its own reference values. Total. */
export function replayArchived(archived: ArchivedEvidence): Replay {
  const verification = replayHardware(archived);
  const integrity = replayVerdict(archived);
  // What the evidence itself does not show is taken as it was found: a revoked key, an app that was registered no more.
  const failure = codeOf(verification) ?? codeOf(integrity) ?? archived.found.failure;
  return {
    verification,
    integrity,
    claims: failure === null && verification.ok ? verification.claims : null,
    failure,
    evidenceAgeSeconds: archived.enrolment?.evidenceAgeSeconds ?? 0,
  };
}

function codeOf(verification: Verification<unknown> | null): EvidenceCode | null {
  return verification === null || verification.ok ? null : verification.code;
}

const UNREADABLE: Verification<never> = {
  ok: false,
  code: 'evidence_malformed',
  checks: [{ id: 'archived', outcome: 'fail', detail: 'No evidence that could be read was presented.' }],
};

function contextOf({ app, receivedAtMs, ...archived }: ArchivedEvidence): VerificationContext {
  const { appleTeamId: teamId } = app;
  return {
    nowMs: receivedAtMs,
    clientDataHash: fromBase64Url(archived.clientDataHash) ?? new Uint8Array(),
    clientDataBytes: fromBase64Url(archived.clientData ?? '') ?? new Uint8Array(),
    anchors: app.environment === 'development' ? anchorsWith(app.trustAnchors) : BUILT_IN_ANCHORS,
    reference: {
      appleApps: teamId === null ? [] : app.appleBundleIds.map((bundleId) => ({ teamId, bundleId })),
      appleEnvironments: app.appleEnvironments,
      androidApps: androidApps(app.androidPackages, app.androidSignerDigests),
    },
    ...revocationContextOf(archived.revocation),
    developmentAllowed: app.environment === 'development',
    assertingKeyRequired: true,
    maxStatementAgeSeconds: null,
  };
}

function replayHardware(archived: ArchivedEvidence): Verification {
  const context = contextOf(archived);
  if (archived.kind === 'enrol') {
    return archived.evidence === null ? UNREADABLE : verifyEnrolment(archived.evidence, context);
  }
  const { enrolment } = archived;
  const assertion = fromBase64Url(archived.assertion ?? '');
  if (enrolment === null || assertion === undefined) return UNREADABLE;
  const asserted = verifyAssertion(enrolment.claims.format, {
    assertion,
    publicKey: enrolment.claims.publicKey,
    clientDataBytes: context.clientDataBytes,
    clientDataHash: context.clientDataHash,
    previousCounter: enrolment.counter,
    appleAppIds: context.reference.appleApps.map(appleAppId),
  });
  return asserted.ok ? unlessRevoked({ ...asserted, claims: enrolment.claims }, context) : asserted;
}

/** An enrolled key whose certificate has been revoked since proves nothing. */
function unlessRevoked(
  { claims, checks }: Extract<Verification, { ok: true }>,
  context: VerificationContext,
): Verification {
  if (claims.certificateSerials === undefined) return { ok: true, claims, checks };
  const { check, failure } = recheckRevocation(claims.certificateSerials, context);
  const all = [...checks, check];
  return failure === null ? { ok: true, claims, checks: all } : { ok: false, code: failure, checks: all };
}

function replayVerdict({ verdict, ...archived }: ArchivedEvidence): Verification<IntegrityClaims> | null {
  if (verdict === null) return null;
  const context: IntegrityContext = {
    nowMs: archived.receivedAtMs,
    request: verdict.request,
    clientDataHash: fromBase64Url(archived.clientDataHash) ?? new Uint8Array(),
    apps: playApps(androidApps(archived.app.androidPackages, archived.app.androidSignerDigests)),
    testingAllowed: archived.app.environment === 'development',
    ...PLAY_DEFAULTS,
  };
  if (verdict.payload !== undefined) return verifyDecodedVerdict(verdict.payload, context);
  const signed = fromBase64Url(verdict.signed ?? '');
  const key = readVerificationKey(verdict.verificationKey ?? '');
  // The token did not open: there is nothing that could be verified again.
  return signed === undefined || verdict.signed === null || key === undefined
    ? null
    : verifySignedVerdict(signed, key, context);
}

/** Formats whose verification needs the client data itself, and not its hash alone. */
function needsClientData({ kind, evidence, enrolment }: ArchivedEvidence): boolean {
  if (kind === 'enrol') return evidence?.format === 'dev';
  return enrolment?.claims.format !== 'apple-app-attest';
}

/**
 * Takes out what may identify a person and is not needed: client data names a user's token and session key. Says what
 * went, and what had to stay.
 */
export function redactArchived(archived: ArchivedEvidence): {
  archived: ArchivedEvidence;
  removed: string[];
  kept: string[];
} {
  return needsClientData(archived)
    ? { archived, removed: [], kept: ['clientData'] }
    : { archived: { ...archived, clientData: null }, removed: ['clientData'], kept: [] };
}
