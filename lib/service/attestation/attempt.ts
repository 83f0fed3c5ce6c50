import {
  type AppraisalInput,
  appraise,
  encodeFacts,
  isBelowMinimum,
  judge,
  judgedIntegrity,
} from '@/lib/appraisal';
import { type BlockDecision, isRefused, versionTarget } from '@/lib/block-list';
import type { Appraisal } from '@/lib/contracts';
import { newId, newReference } from '@/lib/core';
import type { CommitConflict, InstanceClaim, PendingAttestation, SettledAttestation } from '@/lib/telemetry';
import { type JudgingPolicy, policiesFor, versionKey } from '../snapshot/state';
import { type AttemptFacts, CONFLICTS, type Judged } from './attempt-facts';
import { eventOf, instanceStateOf } from './attempt-rows';
import { refused, type VerifiedFacts } from './verified';

/** One attestation on its way into the database: appraised when it is settled, and once more where it lost a race. */
export class Attempt implements PendingAttestation {
  readonly #facts: AttemptFacts;
  readonly id: string;
  readonly reference = newReference();
  /** Id of the token that it leads to, if it is accepted. */
  readonly tokenId: string;
  #judged: Judged | undefined;
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
    return this.#settled.appraisal;
  }

  /** The policy version that it was judged by. */
  get judgedBy(): JudgingPolicy {
    return this.#settled.by;
  }

  get #settled(): Judged {
    if (this.#judged === undefined) throw new TypeError('The attestation has not been settled.');
    return this.#judged;
  }

  /** What blocks and allowlist entries made of what was committed; `null` where none concerned it. */
  get blocks(): BlockDecision | null {
    return this.#blocks;
  }

  settle(conflict: CommitConflict | null): SettledAttestation {
    this.#isInstanceGone = conflict === 'instance_gone';
    const verified = this.#isInstanceGone ? withoutInstance(this.#facts.verified) : this.#facts.verified;
    const input = this.#inputOf(verified, conflict);
    const judged = this.#judge(input, verified.instance?.id ?? null);
    this.#judged = judged;
    const isOwn = conflict === null && verified.instance !== null;
    return {
      event: eventOf({
        ...{ attempt: this, facts: this.#facts, verified, judged, conflict },
        blocks: this.#blocks,
      }),
      instance: isOwn ? instanceStateOf(verified.instance, verified, this.#facts, judged.appraisal) : null,
      sealedEvidence: this.#isInstanceGone ? null : this.#archive(input, judged),
    };
  }

  /** Raw evidence is kept of every enrolment, and of every attestation that somebody may ask about. */
  #archive(input: AppraisalInput, { appraisal, by }: Judged): Buffer | null {
    const { archivist } = this.#facts;
    if (archivist === null || (this.kind === 'attest' && appraisal.verdict === 'trusted')) return null;
    const { id: eventId, reference } = this;
    return archivist({ eventId, reference, input, appraisal, policyVersion: by.version });
  }

  #inputOf(verified: VerifiedFacts, conflict: CommitConflict | null): AppraisalInput {
    const { entry, client, network, receivedAtMs, serverThreats } = this.#facts;
    const { platform, appVersion, osVersion, model } = client;
    const threats = [...serverThreats];
    const lost = conflict === null ? null : CONFLICTS[conflict].threat;
    if (lost !== null) threats.push(lost);
    this.#blocks = this.#decideBlocks(verified);
    if (isRefused(this.#blocks)) threats.push('blocked');
    const status = platform === 'unknown' ? undefined : entry.versions.get(versionKey(platform, appVersion));
    return {
      client: { platform, appVersion, osVersion, model, country: network.country, networkKind: network.kind },
      claims: verified.claims,
      failure: verified.failure,
      runtimeThreats: client.signals.threats,
      serverThreats: threats,
      appVersion: {
        registered: status !== undefined,
        withdrawn: status === 'withdrawn',
        belowMinimum: isBelowMinimum(entry.app.minimumVersions, platform, appVersion),
      },
      evidenceAgeSeconds: verified.evidenceAgeSeconds,
      ...judgedIntegrity(verified.integrity, receivedAtMs),
      nowMs: receivedAtMs,
    };
  }

  #judge(input: AppraisalInput, instanceId: string | null): Judged {
    const { judge: by, shadow } = policiesFor(this.#facts.entry, instanceId);
    return {
      by,
      appraisal: appraise(by.compiled, input),
      shadowVerdict: shadow && judge(shadow.compiled, input).verdict,
      facts: encodeFacts(input),
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
}

/** What is left to say of an attestation whose instance is gone: nothing that names it. */
function withoutInstance({ checks, format }: VerifiedFacts): VerifiedFacts {
  return refused(null, { checks, format, isInstanceUnknown: true });
}
