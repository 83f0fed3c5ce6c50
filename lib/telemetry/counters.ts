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

/** What is counted: challenges issued, attestations by how long they took, signals that nobody knows. */
export type CounterName = 'challenge' | 'latency_enrol' | 'latency_attest' | 'signal_unknown';

const LATENCY_OF_KIND = {
  enrol: 'latency_enrol',
  attest: 'latency_attest',
} as const satisfies Record<AttestationEvent['kind'], CounterName>;

/** Numbers for the names, which tell rows of one app and minute apart together with the bin. */
const PLACES: Readonly<Record<CounterName, number>> = {
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
  const deltas = new BucketRows<number, CounterDelta>();
  const add = (appId: string, bucketMs: number, name: CounterName, bin: number, count: number) => {
    const key = PLACES[name] * LATENCY_BINS + bin;
    const make = () => ({ appId, bucketMs, name, bin, events: count });
    const { row, isNew } = deltas.at(appId, bucketMs, key, make);
    if (!isNew) row.events += count;
  };
  for (const { appId, receivedAtMs, kind, latencyUs, unknownSignals = 0 } of events) {
    const bucketMs = bucketOf(receivedAtMs, MINUTE_MS);
    add(appId, bucketMs, LATENCY_OF_KIND[kind], latencyBin(latencyUs), 1);
    if (unknownSignals > 0) add(appId, bucketMs, 'signal_unknown', 0, unknownSignals);
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
