import { LATENCY_BINS, latencyBin } from './latency-bins';
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

/** Numbers for the names that every attestation counts by, which tell rows of one app and minute apart together with the bin. */
const PLACES: Readonly<Record<PlainCounter, number>> = {
  challenge: 0,
  latency_enrol: 1,
  latency_attest: 2,
  signal_unknown: 3,
};

/** Identity of a counter's row. */
export function counterKey({ appId, bucketMs, name, bin }: CounterDelta): string {
  return `${appId}\n${bucketMs}\n${name}\n${bin}`;
}

/** Counts events by how long they took, and the unknown signals in them. */
export function countEvents(events: readonly AttestationEvent[]): CounterDelta[] {
  const deltas = new BucketRows<number | string, CounterDelta>();
  const addAt = (key: number | string, delta: CounterDelta) => {
    const { row, isNew } = deltas.at(delta.appId, delta.bucketMs, key, () => delta);
    if (!isNew) row.events += delta.events;
  };
  const add = (appId: string, bucketMs: number, name: PlainCounter, bin: number, count: number) =>
    addAt(PLACES[name] * LATENCY_BINS + bin, { appId, bucketMs, name, bin, events: count });
  for (const event of events) {
    const { appId, receivedAtMs, kind, latencyUs, unknownSignals = 0, failedRules = [] } = event;
    const bucketMs = bucketOf(receivedAtMs, MINUTE_MS);
    add(appId, bucketMs, LATENCY_OF_KIND[kind], latencyBin(latencyUs), 1);
    if (unknownSignals > 0) add(appId, bucketMs, 'signal_unknown', 0, unknownSignals);
    for (const { id, cause } of failedRules) {
      const name = `rule_failed ${event.policyVersion} ${id} ${cause}` as const;
      addAt(name, { appId, bucketMs, name, bin: 0, events: 1 });
    }
  }
  return deltas.all;
}

/** Adds a row to those of its kind, which become the owner of it. */
export function addCounter(sums: Map<string, CounterDelta>, delta: CounterDelta): void {
  const key = counterKey(delta);
  const known = sums.get(key);
  if (known === undefined) sums.set(key, delta);
  else known.events += delta.events;
}
