import type { Platform, TrustVector, Verdict } from '@/lib/contracts';

/** One row of `attestation_events`. Times are milliseconds since the epoch; `detail` is serialised JSON. */
export interface AttestationEvent {
  readonly subjectId: string;
  readonly receivedAtMs: number;
  readonly id: string;
  readonly reference: string;
  readonly kind: 'enrol' | 'attest';
  readonly appId: string;
  readonly instanceId: string | null;
  readonly verdict: Verdict;
  readonly decidingThreat: string | null;
  readonly decidingRule: string | null;
  readonly policyVersion: number;
  readonly platform: string;
  readonly format: string | null;
  readonly environment: string;
  readonly appVersion: string;
  readonly osVersion: string;
  readonly model: string;
  readonly country: string | null;
  readonly networkKind: string;
  /** Autonomous system that announces the address. */
  readonly asn: number | null;
  readonly networkPrefix: string | null;
  readonly addressHash: Buffer | null;
  /** Ids of all threats that matched. */
  readonly threats: readonly string[];
  readonly detail: string;
  /** Runtime signals that were found under names which this build does not know; absent: none. */
  readonly unknownSignals?: number;
  /** Rules of the policy that could not be evaluated; absent: none. */
  readonly failedRules?: readonly FailedRule[];
  readonly latencyUs: number;
  /** What it was judged by, as `encodeFacts` writes it. */
  readonly facts?: string | null;
  /** Verdict under the other policy version, while one is being rolled out. */
  readonly shadowVerdict?: Verdict | null;
}

/** A rule of a policy that could not be evaluated: its id, and why, both without blanks. */
export interface FailedRule {
  readonly id: string;
  readonly cause: string;
}

/** What an attestation makes of its device instance. */
export interface InstanceState {
  readonly id: string;
  /** `null` where the format has no counter. */
  readonly counter: number | null;
  readonly verdict: Verdict;
  readonly vector: TrustVector;
  readonly appVersion: string;
  readonly osVersion: string;
  readonly model: string;
  readonly country: string | null;
  readonly asn: number | null;
  readonly networkPrefix: string | null;
  /** Version of the app's configuration that the device says it holds; 0 for none, or for one that does not exist. */
  readonly configVersion: number;
  readonly seenAtMs: number;
  /** Serialised claims of a Play Integrity verdict that was verified now; `null` leaves the newest one as it is. */
  readonly integrity?: string | null;
  /** Present where hardware evidence was verified: the enrolment itself, or one that replaces it. */
  readonly enrolment: InstanceEnrolment | null;
}

/** The part of an instance that only hardware evidence sets. */
export interface InstanceEnrolment {
  readonly appId: string;
  readonly platform: Platform;
  readonly format: string;
  readonly publicKey: Buffer;
  readonly keyId: Buffer;
  /** Serialised JSON of the evidence's claims. */
  readonly claims: string;
  /** App Attest's receipt, where it verified. */
  readonly receipt?: EnrolmentReceipt | null;
}

/** A receipt of App Attest as it came with an attestation. */
export interface EnrolmentReceipt {
  /** CMS signed data, BER. */
  readonly bytes: Buffer;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/**
 * Why an attestation lost at its commit although it was good before. `instance_gone`: its instance was erased since it was
 * looked up, so that nothing may be filed under it any more.
 */
export type CommitConflict = 'challenge_replayed' | 'counter_rollback' | 'instance_gone';

/** What becomes of an attestation: its event, and its device's new state where the evidence was the device's own. */
export interface SettledAttestation {
  readonly event: AttestationEvent;
  readonly instance: InstanceState | null;
  /** The raw evidence, sealed, where it is to be archived with the event. */
  readonly sealedEvidence?: Buffer | null;
}

/** An attestation that waits to be committed. */
export interface PendingAttestation {
  readonly receivedAtMs: number;
  /** Challenge to be consumed; `null` where none was valid. */
  readonly challenge: { readonly digest: Buffer; readonly expiresAtMs: number } | null;
  /** The instance that it speaks for, where its evidence was verified. */
  readonly claim: InstanceClaim | null;
  /** Existing instance that unverified evidence names, if it names one: its event is filed under it, and nothing else. */
  readonly namedInstanceId?: string | null;
  /**
   * Makes the rows once it is known who won. Called inside the transaction, more than once where that has to start
   * again; the last time counts. Must neither throw nor wait.
   */
  settle(conflict: CommitConflict | null): SettledAttestation;
}

/** How a verified attestation relates to its instance. */
export interface InstanceClaim {
  readonly id: string;
  /** Counter of the assertion, which must rise; `null` for formats without one. */
  readonly counter: number | null;
  /** Whether the instance is new to us, and if it is not, whether fresh hardware evidence may replace its old one. */
  readonly kind: 'attest' | 'enrol_once' | 'enrol_or_renew';
}
