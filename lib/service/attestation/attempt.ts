import { performance } from 'node:perf_hooks';
import { type AppraisalInput, appraise } from '@/lib/appraisal';
import { type BlockDecision, type BlockFacts, isRefused, versionTarget } from '@/lib/block-list';
import type {
  Appraisal,
  AttestationDetail,
  BlockDecisionRecord,
  Check,
  Platform,
  ThreatId,
} from '@/lib/contracts';
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
import type { Archivist } from './archive';
import type { RecordedSignals } from './client-data';
import { storableJson } from './storable-json';
import { refused, type VerifiedFacts } from './verified';

/** What the client says of itself, as it is recorded. `unknown` and empty where it said nothing readable. */
export interface ClientFacts {
  readonly platform: Platform | 'unknown';
  readonly appVersion: string;
  readonly osVersion: string;
  readonly model: string;
  readonly signals: RecordedSignals;
  readonly configVersion: number;
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
  /** Keeps the raw evidence; `null` where the app does not want that, or there is none. */
  readonly archivist: Archivist | null;
  /** Asked when the attestation is settled, so that a block that came meanwhile counts. */
  decideBlocks(facts: BlockFacts): BlockDecision | null;
}

/** What each conflict is recorded as; the threat is none where nobody did anything wrong. */
const CONFLICTS: Readonly<Record<CommitConflict, { check: Check; threat: ThreatId | null }>> = {
  challenge_replayed: {
    check: { id: 'challenge_unused', outcome: 'fail', detail: 'The challenge had been used before.' },
    threat: 'challenge_replayed',
  },
  counter_rollback: {
    check: {
      id: 'counter_committed',
      outcome: 'fail',
      detail: 'The key had been used with this counter, or a later one, before.',
    },
    threat: 'counter_rollback',
  },
  instance_gone: {
    check: {
      id: 'instance_enrolled',
      outcome: 'fail',
      detail: 'The instance was erased before this was committed.',
    },
    threat: null,
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
  #blocks: BlockDecision | null = null;
  #isInstanceGone = false;

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

  get namedInstanceId(): string | null {
    return this.#facts.verified.namedInstanceId;
  }

  /** Whether the instance was erased before this was committed: the app has to enrol again. */
  get isInstanceGone(): boolean {
    return this.#isInstanceGone;
  }

  /** The appraisal that was committed. */
  get appraisal(): Appraisal {
    if (this.#appraisal === undefined) throw new TypeError('The attestation has not been settled.');
    return this.#appraisal;
  }

  /** What blocks and allowlist entries made of what was committed; `null` where none concerned it. */
  get blocks(): BlockDecision | null {
    return this.#blocks;
  }

  settle(conflict: CommitConflict | null): SettledAttestation {
    this.#isInstanceGone = conflict === 'instance_gone';
    const verified = this.#isInstanceGone ? withoutInstance(this.#facts.verified) : this.#facts.verified;
    const input = this.#inputOf(verified, conflict);
    const appraisal = appraise(this.#facts.entry.policy, input);
    this.#appraisal = appraisal;
    const isOwn = conflict === null && verified.instance !== null;
    return {
      event: this.#event(verified, appraisal, conflict),
      instance: isOwn ? this.#instanceState(verified.instance, verified, appraisal) : null,
      sealedEvidence: this.#isInstanceGone ? null : this.#archive(input, appraisal),
    };
  }

  /** Raw evidence is kept of every enrolment, and of every attestation that somebody may ask about. */
  #archive(input: AppraisalInput, appraisal: Appraisal): Buffer | null {
    const { archivist } = this.#facts;
    if (archivist === null || (this.kind === 'attest' && appraisal.verdict === 'trusted')) return null;
    return archivist({ eventId: this.id, reference: this.reference, input, appraisal });
  }

  #inputOf(verified: VerifiedFacts, conflict: CommitConflict | null): AppraisalInput {
    const { entry, client, receivedAtMs, serverThreats } = this.#facts;
    const threats = [...serverThreats];
    const lost = conflict === null ? null : CONFLICTS[conflict].threat;
    if (lost !== null) threats.push(lost);
    this.#blocks = this.#decideBlocks(verified);
    if (isRefused(this.#blocks)) threats.push('blocked');
    const status =
      client.platform === 'unknown'
        ? undefined
        : entry.versions.get(versionKey(client.platform, client.appVersion));
    return {
      claims: verified.claims,
      failure: verified.failure,
      runtimeThreats: client.signals.threats,
      serverThreats: threats,
      appVersion: { registered: status !== undefined, withdrawn: status === 'withdrawn' },
      evidenceAgeSeconds: verified.evidenceAgeSeconds,
      integrity: verified.integrity,
      nowMs: receivedAtMs,
    };
  }

  /**
   * Only what was verified has an identity that can be blocked, or allowed: a claim that nobody proved lifts nothing. What
   * failed is rejected for that.
   */
  #decideBlocks({ instance, claims }: VerifiedFacts): BlockDecision | null {
    if (instance === null) return null;
    const { entry, client, network, decideBlocks } = this.#facts;
    return decideBlocks({
      appId: entry.app.id,
      instanceId: instance.id,
      hardware: claims?.attestationKey ?? null,
      appVersion: versionTarget(client.platform, client.appVersion),
      osBuild: versionTarget(client.platform, client.osVersion),
      signers: claims?.app.signerDigests ?? [],
      network: network.key,
      asn: network.asn,
      country: network.country,
    });
  }

  #event(
    verified: VerifiedFacts,
    appraisal: Appraisal,
    conflict: CommitConflict | null,
  ): SettledAttestation['event'] {
    const { kind, entry, client, network, receivedAtMs, startedAtMs } = this.#facts;
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
      country: network.country,
      networkKind: network.kind,
      asn: network.asn,
      networkPrefix: network.prefix,
      addressHash: network.addressHash,
      threats: appraisal.matched.map(({ threat }) => threat),
      detail: storableJson(this.#detail(verified, appraisal, conflict)),
      unknownSignals: client.signals.unknown.length,
      latencyUs: Math.round((performance.now() - startedAtMs) * 1000),
    };
  }

  #detail(verified: VerifiedFacts, appraisal: Appraisal, conflict: CommitConflict | null): AttestationDetail {
    const { threats, clear, unknown } = this.#facts.client.signals;
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
      claims: this.kind === 'enrol' ? verified.claims : null,
      ...(verified.isIntegrityFresh ? { integrity: verified.integrity } : {}),
      tokenId: appraisal.verdict === 'rejected' ? null : this.tokenId,
      ...(this.#blocks === null ? {} : { blocks: recordOf(this.#blocks) }),
    };
  }

  #instanceState(
    { id, counter, enrolment }: NonNullable<VerifiedFacts['instance']>,
    { integrity, isIntegrityFresh }: VerifiedFacts,
    appraisal: Appraisal,
  ): InstanceState {
    const { entry, client, network, receivedAtMs } = this.#facts;
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
}

/** At most this many simulations are written down with an attestation; all of them are counted. */
const MAX_SIMULATED = 10;

function recordOf({ block, liftedBy, simulated }: BlockDecision): BlockDecisionRecord {
  return { block, liftedBy, simulated: simulated.slice(0, MAX_SIMULATED) };
}

/** What is left to say of an attestation whose instance is gone: nothing that names it. */
function withoutInstance({ checks, format }: VerifiedFacts): VerifiedFacts {
  return refused(null, { checks, format, isInstanceUnknown: true });
}
