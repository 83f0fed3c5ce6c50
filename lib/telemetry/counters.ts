import { latencyBin } from './latency-bins';
import { bucketOf, MINUTE_MS } from './rollup';
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

/** Identity of a counter's row. */
export function counterKey({ appId, bucketMs, name, bin }: CounterDelta): string {
  return `${appId}\n${bucketMs}\n${name}\n${bin}`;
}

/** Counts events by how long they took, and the unknown signals in them. */
export function countEvents(events: readonly AttestationEvent[]): CounterDelta[] {
  const deltas = new Map<string, CounterDelta>();
  for (const { appId, receivedAtMs, kind, latencyUs, unknownSignals = 0 } of events) {
    const at = { appId, bucketMs: bucketOf(receivedAtMs, MINUTE_MS) };
    addCounter(deltas, { ...at, name: LATENCY_OF_KIND[kind], bin: latencyBin(latencyUs), events: 1 });
    if (unknownSignals > 0)
      addCounter(deltas, { ...at, name: 'signal_unknown', bin: 0, events: unknownSignals });
  }
  return [...deltas.values()];
}

/** Adds a row to those of its kind, which become the owner of it. */
export function addCounter(sums: Map<string, CounterDelta>, delta: CounterDelta): void {
  const key = counterKey(delta);
  const known = sums.get(key);
  if (known === undefined) sums.set(key, delta);
  else known.events += delta.events;
}
