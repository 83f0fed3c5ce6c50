import type { BlockDecision, BlockFacts } from '@/lib/block-list';
import type { Appraisal, Check, Platform, ThreatId, Verdict } from '@/lib/contracts';
import type { CommitConflict } from '@/lib/telemetry';
import type { ClientNetwork } from '../address';
import type { AppEntry, JudgingPolicy } from '../snapshot/state';
import type { Archivist } from './archive';
import type { RecordedSignals } from './client-data';
import type { VerifiedFacts } from './verified';

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
export const CONFLICTS: Readonly<Record<CommitConflict, { check: Check; threat: ThreatId | null }>> = {
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

/** What became of an appraisal: by which version, from which facts, and what another version says of the same. */
export interface Judged {
  readonly appraisal: Appraisal;
  readonly by: JudgingPolicy;
  readonly shadowVerdict: Verdict | null;
  readonly facts: string;
}
