import type { AppraisalInput } from '@/lib/appraisal';
import {
  type Appraisal,
  attestRequestSchema,
  enrolRequestSchema,
  type IntegrityRequest,
} from '@/lib/contracts';
import { toBase64Url } from '@/lib/core';
import { type ArchivedEvidence, knownRevocation, type RevocationContext } from '@/lib/evidence';
import { sealArchived } from '@/lib/evidence-archive';
import type { IntegrityFacts } from '../integrity/verify-integrity';
import type { AppEntry } from '../snapshot/state';
import type { ReceivedClientData, RecordedSignals } from './client-data';
import type { VerifiedFacts } from './verified';

/** What is archived of an attestation, as it is known before it is settled. */
export interface RawEvidence {
  readonly kind: ArchivedEvidence['kind'];
  readonly entry: AppEntry;
  readonly received: ReceivedClientData;
  readonly body: unknown;
  readonly receivedAtMs: number;
  readonly signals: RecordedSignals;
  /** What the hardware evidence or the assertion came to, before anything else was looked at. */
  readonly hardware: VerifiedFacts;
  /** What that went by for revoked attestation keys. */
  readonly revocation: Omit<RevocationContext, 'nowMs'>;
  readonly replay: IntegrityFacts['replay'];
  readonly request: IntegrityRequest | null;
  /** The key that verified the verdict, base64 of DER. */
  readonly verificationKey: string | null;
}

/** Makes the archived form of an attestation once it is settled. */
export type Archivist = (settled: {
  eventId: string;
  reference: string;
  input: AppraisalInput;
  appraisal: Appraisal;
  policyVersion: number;
}) => Buffer;

/** An archivist of one attestation, who seals under `key`. */
export function archivistOf(key: Uint8Array, raw: RawEvidence): Archivist {
  return ({ eventId, reference, input, appraisal, policyVersion }) => {
    const { evidence, assertion } = presented(raw.body);
    const enrolment = enrolmentOf(raw);
    const enrolled = enrolment?.claims ?? null;
    return sealArchived(key, eventId, {
      schema: 1,
      kind: raw.kind,
      reference,
      receivedAtMs: raw.receivedAtMs,
      clientData: toBase64Url(raw.received.bytes),
      clientDataHash: toBase64Url(raw.received.hash),
      evidence,
      assertion,
      enrolment,
      verdict: verdictOf(raw),
      knownIntegrity: raw.hardware.integrity,
      app: appOf(raw.entry, policyVersion),
      revocation: knownRevocation({ evidence, enrolled }, raw.revocation),
      client: { ...input.client },
      found: {
        failure: input.failure,
        serverThreats: [...input.serverThreats],
        runtimeThreats: [...input.runtimeThreats],
        clear: [...raw.signals.clear],
        appVersion: { belowMinimum: false, ...input.appVersion },
        verdict: appraisal.verdict,
        decidingThreat: appraisal.decidingThreat,
      },
    });
  };
}

/** The evidence or the assertion of a request; neither where it holds none that can be read. */
function presented(body: unknown): Pick<ArchivedEvidence, 'evidence' | 'assertion'> {
  const enrolment = enrolRequestSchema.pick({ evidence: true }).safeParse(body);
  const attestation = attestRequestSchema.pick({ assertion: true }).safeParse(body);
  return {
    evidence: enrolment.success ? enrolment.data.evidence : null,
    assertion: attestation.success ? attestation.data.assertion : null,
  };
}

function enrolmentOf({ kind, hardware }: RawEvidence): ArchivedEvidence['enrolment'] {
  const { stored } = hardware;
  if (kind === 'enrol' || stored === null) return null;
  return {
    claims: stored.claims,
    counter: stored.counter,
    evidenceAgeSeconds: hardware.evidenceAgeSeconds,
  };
}

function verdictOf({ replay, request, verificationKey }: RawEvidence): ArchivedEvidence['verdict'] {
  if (replay === null || request === null) return null;
  return {
    request,
    signed: replay.signed === null ? null : toBase64Url(replay.signed),
    verificationKey,
    ...(replay.payload === undefined ? {} : { payload: replay.payload }),
  };
}

function appOf({ app }: AppEntry, policyVersion: number): ArchivedEvidence['app'] {
  return {
    environment: app.environment,
    appleTeamId: app.appleTeamId,
    appleBundleIds: app.appleBundleIds,
    appleEnvironments: app.appleEnvironments,
    androidPackages: app.androidPackages,
    androidSignerDigests: app.androidSignerDigests,
    trustAnchors: app.trustAnchors,
    policyVersion,
    quarantines: app.quarantines,
  };
}
