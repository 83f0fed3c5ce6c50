import { latencyBin } from './latency-bins';
import { BucketRows, bucketOf, MINUTE_MS } from './rollup';
import type { AttestationEvent } from './rows';

/** Events to be added to one row of `counter_rollup_minutes`. */
export interface CounterDelta {
  readonly appId: string;
  readonly bucketMs: number;
  readonly name: CounterName;
  readonly bin: number;
  events: number;
}

/** What is counted: challenges issued, attestations by how long they took, signals that nobody knows, rules that failed. */
export type CounterName = PlainCounter | FailedRuleCounter;
type PlainCounter = 'challenge' | 'latency_enrol' | 'latency_attest' | 'signal_unknown';
/** `rule_failed`, the policy version, the rule and why it failed, with blanks between. */
type FailedRuleCounter = `rule_failed ${number} ${string} ${string}`;

const LATENCY_OF_KIND = {
  enrol: 'latency_enrol',
  attest: 'latency_attest',
} as const satisfies Record<AttestationEvent['kind'], PlainCounter>;

/** Counts events by how long they took, and the unknown signals in them. */
export function countEvents(events: readonly AttestationEvent[]): CounterDelta[] {
  const sums = new CounterSums();
  for (const event of events) {
    const { appId, receivedAtMs, kind, latencyUs, unknownSignals = 0, failedRules = [] } = event;
    const bucketMs = bucketOf(receivedAtMs, MINUTE_MS);
    sums.add({ appId, bucketMs, name: LATENCY_OF_KIND[kind], bin: latencyBin(latencyUs), events: 1 });
    if (unknownSignals > 0)
      sums.add({ appId, bucketMs, name: 'signal_unknown', bin: 0, events: unknownSignals });
    for (const { id, cause } of failedRules) {
      const name = `rule_failed ${event.policyVersion} ${id} ${cause}` as const;
      sums.add({ appId, bucketMs, name, bin: 0, events: 1 });
    }
  }
  return [...sums.all];
}

/** Counters, added up. */
export class CounterSums {
  readonly #rows = new BucketRows<CounterDelta>();

  /** Adds a row, which belongs to the sums from then on. */
  add(delta: CounterDelta): void {
    const { appId, bucketMs, name, bin, events } = delta;
    const { row, isNew } = this.#rows.at(appId, bucketMs, `${name}\n${bin}`, () => delta);
    if (!isNew) row.events += events;
  }

  /** What was added so far. */
  get all(): Iterable<CounterDelta> {
    return this.#rows;
  }

  /** The same, sorted by place. */
  get sorted(): CounterDelta[] {
    return this.#rows.sorted;
  }
}
