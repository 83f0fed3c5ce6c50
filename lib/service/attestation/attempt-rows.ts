import { performance } from 'node:perf_hooks';
import type { BlockDecision } from '@/lib/block-list';
import type { Appraisal, AttestationDetail, BlockDecisionRecord } from '@/lib/contracts';
import {
  type CommitConflict,
  encodeDetail,
  type InstanceState,
  type SettledAttestation,
} from '@/lib/telemetry';
import { type AttemptFacts, CONFLICTS, type Judged } from './attempt-facts';
import { failedRulesOf } from './rule-failures';
import { storableJson } from './storable-json';
import type { VerifiedFacts } from './verified';

const MAX_CHECK_DETAIL = 300;

/** An attestation as it was settled. */
export interface Settled {
  readonly attempt: { readonly id: string; readonly reference: string; readonly tokenId: string };
  readonly facts: AttemptFacts;
  readonly verified: VerifiedFacts;
  readonly judged: Judged;
  readonly blocks: BlockDecision | null;
  readonly conflict: CommitConflict | null;
}

/** The event of a settled attestation. */
export function eventOf({ attempt, verified, judged, ...settled }: Settled): SettledAttestation['event'] {
  const { kind, entry, client, network, receivedAtMs, startedAtMs } = settled.facts;
  const { appraisal, by, shadowVerdict, facts } = judged;
  const { id, reference } = attempt;
  const instanceId = verified.instance?.id ?? verified.namedInstanceId;
  return {
    subjectId: instanceId ?? id,
    receivedAtMs,
    id,
    reference,
    kind,
    appId: entry.app.id,
    instanceId,
    verdict: appraisal.verdict,
    decidingThreat: appraisal.decidingThreat,
    decidingRule: appraisal.decidingRule,
    policyVersion: by.version,
    platform: client.platform,
    format: verified.format,
    environment: verified.claims?.environment ?? entry.app.environment,
    appVersion: client.appVersion,
    osVersion: client.osVersion,
    model: client.model,
    country: network.country,
    networkKind: network.kind,
    asn: network.asn,
    networkPrefix: network.prefix,
    addressHash: network.addressHash,
    threats: appraisal.matched.map(({ threat }) => threat),
    detail: storableJson(encodeDetail(detailOf({ attempt, verified, judged, ...settled }))),
    unknownSignals: client.signals.unknown.length,
    failedRules: failedRulesOf(appraisal),
    latencyUs: Math.round((performance.now() - startedAtMs) * 1000),
    facts,
    shadowVerdict,
  };
}

function detailOf({ attempt, facts, verified, judged, blocks, conflict }: Settled): AttestationDetail {
  const { appraisal } = judged;
  const { threats, clear, unknown } = facts.client.signals;
  const checks = conflict === null ? verified.checks : [...verified.checks, CONFLICTS[conflict].check];
  return {
    evidenceCode: verified.failure,
    checks: checks.map((check) =>
      check.detail.length <= MAX_CHECK_DETAIL
        ? check
        : { ...check, detail: `${check.detail.slice(0, MAX_CHECK_DETAIL)}…` },
    ),
    appraisal,
    signals: { found: threats, clear: [...clear], unknown },
    // An attestation rests on the claims of its enrolment, which is an event of its own: stored once, and not each time.
    claims: facts.kind === 'enrol' ? verified.claims : null,
    ...(verified.isIntegrityFresh ? { integrity: verified.integrity } : {}),
    tokenId: appraisal.verdict === 'rejected' ? null : attempt.tokenId,
    ...(blocks === null ? {} : { blocks: recordOf(blocks) }),
  };
}

/** The new state of the instance that proved itself. */
export function instanceStateOf(
  { id, counter, enrolment }: NonNullable<VerifiedFacts['instance']>,
  { integrity, isIntegrityFresh }: VerifiedFacts,
  { entry, client, network, receivedAtMs }: AttemptFacts,
  appraisal: Appraisal,
): InstanceState {
  return {
    id,
    counter,
    verdict: appraisal.verdict,
    vector: appraisal.vector,
    appVersion: client.appVersion,
    osVersion: client.osVersion,
    model: client.model,
    country: network.country,
    asn: network.asn,
    networkPrefix: network.prefix,
    // Nobody holds what does not exist yet: of a device that says so it is not known what it holds.
    configVersion: client.configVersion <= entry.app.configVersion ? client.configVersion : 0,
    seenAtMs: receivedAtMs,
    integrity: isIntegrityFresh && integrity !== null ? storableJson(integrity) : null,
    enrolment,
  };
}

/** At most this many simulations are written down with an attestation; all of them are counted. */
const MAX_SIMULATED = 10;

function recordOf({ block, liftedBy, simulated }: BlockDecision): BlockDecisionRecord {
  return { block, liftedBy, simulated: simulated.slice(0, MAX_SIMULATED) };
}
