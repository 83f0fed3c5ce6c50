import { randomBytes } from 'node:crypto';
import type { ClientData, Evidence } from '@/lib/contracts';
import { toBase64Url } from '@/lib/core';
import type { StoredInstance } from '@/lib/telemetry';
import type { ClientFacts } from './attestation/attempt-facts';
import { ATTESTATION } from './attestation/attest';
import { type ReceivedClientData, readClientData, recordSignals } from './attestation/client-data';
import { type AttestationContext, inspectChallenge } from './attestation/context';
import { ENROLMENT } from './attestation/enrol';
import type { VerificationRequest } from './attestation/process';
import type { VerifiedFacts } from './attestation/verified';
import { issueChallenge } from './challenges';
import type { AppEntry } from './snapshot/state';
import type { StatusList } from './snapshot/status-list';

/** What a device presents, but for the challenge, which the rehearsal issues. */
export interface Presentation {
  readonly entry: AppEntry;
  readonly client: Omit<ClientData, 'challenge'>;
  readonly nowMs: number;
  /** Makes evidence or an assertion over the client data. */
  present(clientData: Uint8Array): { evidence: Evidence } | { assertion: Uint8Array; by: StoredInstance };
}

/** What the service makes of a presentation before it is appraised. */
export interface Rehearsed {
  readonly client: ClientFacts;
  readonly verified: VerifiedFacts;
}

/**
 * Verifies what a device presents as the service does, without HTTP, database and commit: for a simulator that needs the
 * facts of many devices which differ in their keys alone.
 */
export async function rehearse({ entry, client, nowMs, present }: Presentation): Promise<Rehearsed> {
  const key = randomBytes(32);
  const { challenge } = issueChallenge(key, entry.app.id, nowMs);
  const bytes = Buffer.from(JSON.stringify({ ...client, challenge }));
  const presented = present(bytes);
  const context = contextOf(key, 'by' in presented ? presented.by : undefined);
  const received = readClientData(toBase64Url(bytes));
  const data = dataOf(received);
  const clientData = toBase64Url(bytes);
  const { check } = inspectChallenge(context, entry.app.id, challenge, nowMs);
  const request: VerificationRequest = {
    context,
    entry,
    data,
    received,
    nowMs,
    statusList: NO_LIST,
    body:
      'evidence' in presented
        ? { clientData, evidence: presented.evidence }
        : { clientData, instanceId: presented.by.id, assertion: toBase64Url(presented.assertion) },
  };
  const verified = await ('evidence' in presented ? ENROLMENT : ATTESTATION).verify(request);
  const { platform, appVersion, osVersion, model, signals, configVersion } = data;
  return {
    client: { platform, appVersion, osVersion, model, configVersion, signals: recordSignals(signals) },
    verified: { ...verified, checks: [check, ...verified.checks] },
  };
}

function dataOf({ content }: ReceivedClientData): ClientData {
  if (!content.ok) {
    throw new TypeError(`client data that is rehearsed must be valid: ${JSON.stringify(content.fields)}`);
  }
  return content.data;
}

/** No vendor's list speaks of the keys of simulated devices. */
const NO_LIST: StatusList = { digest: null, revocation: null, maxAgeSeconds: null };

/** Verification asks its context for two things; the rest of it belongs to a running node, and there is none. */
function contextOf(challengeKey: Buffer, instance: StoredInstance | undefined): AttestationContext {
  const asked: Pick<AttestationContext, 'challengeKey'> & {
    instances: Pick<AttestationContext['instances'], 'load'>;
  } = { challengeKey, instances: { load: async () => instance } };
  return asked as AttestationContext;
}
