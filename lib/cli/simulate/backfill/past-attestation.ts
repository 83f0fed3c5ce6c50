import { threatsOfNetwork } from '@/lib/appraisal';
import {
  type AppEntry,
  Attempt,
  type AttemptFacts,
  type ClientFacts,
  type ClientNetwork,
} from '@/lib/service';
import type { CommitConflict, PendingAttestation, SettledAttestation } from '@/lib/telemetry';
import type { Random } from '../random';
import { drawId, drawReference } from './seeded';

const CHALLENGE_LIFE_MS = 60_000;

/** Milliseconds that a service takes: verifying evidence takes longer than an assertion, some wait for a commit. */
const USUAL_MS = { enrol: 9, attest: 3.2 } as const;
const SPREAD = 0.22;

/** What is known of an attestation of the past. */
export interface PastFacts {
  readonly kind: AttemptFacts['kind'];
  readonly entry: AppEntry;
  readonly client: ClientFacts;
  readonly network: ClientNetwork;
  readonly atMs: number;
  readonly verified: AttemptFacts['verified'];
  /** Whether it consumes a challenge of its own; what enrols must. */
  readonly challenge: Buffer | null;
}

/**
 * An attestation of the past, made by the service's own `Attempt`: appraised under the app's policy, recorded with the same
 * detail. Its ids and its duration are drawn, so that the same history has the same rows.
 */
export class PastAttestation implements PendingAttestation {
  readonly #attempt: Attempt;
  readonly id: string;
  readonly #reference: string;
  readonly #latencyUs: number;

  constructor(facts: PastFacts, random: Random) {
    const { kind, entry, client, network, atMs, verified, challenge } = facts;
    this.id = drawId(random, atMs);
    this.#reference = drawReference(random);
    this.#latencyUs = Math.round(USUAL_MS[kind] * 1_000 * Math.exp(SPREAD * drawNormal(random)));
    this.#attempt = new Attempt({
      kind,
      entry,
      client,
      network,
      verified,
      receivedAtMs: atMs,
      startedAtMs: 0,
      challenge: challenge && { digest: challenge, expiresAtMs: atMs + CHALLENGE_LIFE_MS },
      serverThreats: threatsOfNetwork(network.kind),
      archivist: null,
      decideBlocks: () => null,
    });
  }

  get receivedAtMs(): number {
    return this.#attempt.receivedAtMs;
  }

  get challenge() {
    return this.#attempt.challenge;
  }

  get claim() {
    return this.#attempt.claim;
  }

  get namedInstanceId(): string | null {
    return this.#attempt.namedInstanceId;
  }

  settle(conflict: CommitConflict | null): SettledAttestation {
    const { event, instance } = this.#attempt.settle(conflict);
    return {
      instance,
      event: {
        ...event,
        id: this.id,
        subjectId: event.instanceId ?? this.id,
        reference: this.#reference,
        latencyUs: this.#latencyUs,
      },
    };
  }
}

/** Box and Muller's. */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
