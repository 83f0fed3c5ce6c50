import { performance } from 'node:perf_hooks';
import { appraise } from '@/lib/appraisal';
import type { Appraisal, AttestationDetail, Check, Platform, ThreatId } from '@/lib/contracts';
import { newId, newReference } from '@/lib/core';
import type {
  CommitConflict,
  InstanceClaim,
  InstanceState,
  PendingAttestation,
  SettledAttestation,
} from '@/lib/telemetry';
import type { ClientNetwork } from '../address';
import { type AppEntry, versionKey } from '../snapshot/state';
import type { RecordedSignals } from './client-data';
import { storableJson } from './storable-json';
import type { VerifiedFacts } from './verified';

/** What the client says of itself, as it is recorded. `unknown` and empty where it said nothing readable. */
export interface ClientFacts {
  readonly platform: Platform | 'unknown';
  readonly appVersion: string;
  readonly osVersion: string;
  readonly model: string;
  readonly signals: RecordedSignals;
}

/** Everything that is known of one attestation before its commit. */
export interface AttemptFacts {
  readonly kind: 'enrol' | 'attest';
  readonly entry: AppEntry;
  readonly client: ClientFacts;
  readonly network: ClientNetwork;
  readonly receivedAtMs: number;
  /** `performance.now()` when the request's head had been read. */
  readonly startedAtMs: number;
  readonly challenge: { readonly digest: Buffer; readonly expiresAtMs: number } | null;
  readonly verified: VerifiedFacts;
  readonly serverThreats: readonly ThreatId[];
  /** Asked when the attestation is settled, so that a block that came meanwhile counts. */
  isBlocked(instanceId: string): boolean;
}

const CONFLICTS: Readonly<Record<CommitConflict, Check>> = {
  challenge_replayed: {
    id: 'challenge_unused',
    outcome: 'fail',
    detail: 'The challenge had been used before.',
  },
  counter_rollback: {
    id: 'counter_committed',
    outcome: 'fail',
    detail: 'The key had been used with this counter, or a later one, before.',
  },
};

const MAX_CHECK_DETAIL = 300;

/** One attestation on its way into the database: appraised when it is settled, and once more where it lost a race. */
export class Attempt implements PendingAttestation {
  readonly #facts: AttemptFacts;
  readonly id: string;
  readonly reference = newReference();
  /** Id of the token that it leads to, if it is accepted. */
  readonly tokenId: string;
  #appraisal: Appraisal | undefined;

  constructor(facts: AttemptFacts) {
    this.#facts = facts;
    this.id = newId(facts.receivedAtMs);
    this.tokenId = newId(facts.receivedAtMs);
  }

  get kind(): AttemptFacts['kind'] {
    return this.#facts.kind;
  }

  get receivedAtMs(): number {
    return this.#facts.receivedAtMs;
  }

  get challenge() {
    return this.#facts.challenge;
  }

  get claim(): InstanceClaim | null {
    return this.#facts.verified.instance;
  }

  /** The appraisal that was committed. */
  get appraisal(): Appraisal {
    if (this.#appraisal === undefined) throw new TypeError('The attestation has not been settled.');
    return this.#appraisal;
  }

  settle(conflict: CommitConflict | null): SettledAttestation {
    const { verified } = this.#facts;
    const appraisal = this.#appraise(conflict);
    this.#appraisal = appraisal;
    const isOwn = conflict === null && verified.instance !== null;
    return {
      event: this.#event(appraisal, conflict),
      instance: isOwn ? this.#instanceState(verified.instance, appraisal) : null,
    };
  }

  #appraise(conflict: CommitConflict | null): Appraisal {
    const { entry, client, verified, receivedAtMs, serverThreats, isBlocked } = this.#facts;
    const threats = [...serverThreats];
    if (conflict !== null) threats.push(conflict);
    if (verified.instance !== null && isBlocked(verified.instance.id)) threats.push('blocked');
    const status =
      client.platform === 'unknown'
        ? undefined
        : entry.versions.get(versionKey(client.platform, client.appVersion));
    return appraise(entry.policy, {
      claims: verified.claims,
      failure: verified.failure,
      runtimeThreats: client.signals.threats,
      serverThreats: threats,
      appVersion: { registered: status !== undefined, withdrawn: status === 'withdrawn' },
      evidenceAgeSeconds: verified.evidenceAgeSeconds,
      nowMs: receivedAtMs,
    });
  }

  #event(appraisal: Appraisal, conflict: CommitConflict | null): SettledAttestation['event'] {
    const { kind, entry, client, network, receivedAtMs, startedAtMs, verified } = this.#facts;
    const instanceId = verified.instance?.id ?? verified.namedInstanceId;
    return {
      subjectId: instanceId ?? this.id,
      receivedAtMs,
      id: this.id,
      reference: this.reference,
      kind,
      appId: entry.app.id,
      instanceId,
      verdict: appraisal.verdict,
      decidingThreat: appraisal.decidingThreat,
      decidingRule: appraisal.decidingRule,
      policyVersion: entry.app.policyVersion,
      platform: client.platform,
      format: verified.format,
      environment: verified.claims?.environment ?? entry.app.environment,
      appVersion: client.appVersion,
      osVersion: client.osVersion,
      model: client.model,
      country: null,
      networkKind: network.kind,
      networkPrefix: network.prefix,
      addressHash: network.addressHash,
      threats: appraisal.matched.map(({ threat }) => threat),
      detail: storableJson(this.#detail(appraisal, conflict)),
      latencyUs: Math.round((performance.now() - startedAtMs) * 1000),
    };
  }

  #detail(appraisal: Appraisal, conflict: CommitConflict | null): AttestationDetail {
    const { client, verified } = this.#facts;
    const { threats, clear, unknown } = client.signals;
    const checks = conflict === null ? verified.checks : [...verified.checks, CONFLICTS[conflict]];
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
      claims: this.kind === 'enrol' ? verified.claims : null,
      tokenId: appraisal.verdict === 'rejected' ? null : this.tokenId,
    };
  }

  #instanceState(
    { id, counter, enrolment }: NonNullable<VerifiedFacts['instance']>,
    appraisal: Appraisal,
  ): InstanceState {
    const { client, network, receivedAtMs } = this.#facts;
    return {
      id,
      counter,
      verdict: appraisal.verdict,
      vector: appraisal.vector,
      appVersion: client.appVersion,
      osVersion: client.osVersion,
      model: client.model,
      country: null,
      networkPrefix: network.prefix,
      seenAtMs: receivedAtMs,
      enrolment,
    };
  }
}
