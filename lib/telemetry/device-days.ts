import { sortedByKey } from './rollup';
import type { SettledAttestation } from './rows';
import type { DeviceDay } from './statements';

const DEFAULT_CAPACITY = 100_000;

/** Remembers which device days this writer has committed, so that a device costs one row a day and not one a call. */
export class DeviceDays {
  readonly #capacity: number;
  #day = '';
  #seen = new Set<string>();

  constructor(capacity = DEFAULT_CAPACITY) {
    this.#capacity = capacity;
  }

  /**
   * The device days of a batch that are not known to be stored, sorted by key. Those of an enrolment never are: the device
   * may have been erased today, and its days with it.
   */
  unknown(settled: readonly SettledAttestation[]): DeviceDay[] {
    const found = new Map<string, DeviceDay>();
    for (const { event, instance } of settled) {
      if (instance === null) continue;
      const row = {
        appId: event.appId,
        day: utcDay(event.receivedAtMs),
        instanceId: instance.id,
        verdict: event.verdict,
      };
      const name = nameOf(row);
      if (instance.enrolment !== null || !this.#seen.has(name)) found.set(name, row);
    }
    return sortedByKey(found);
  }

  /** Takes note of device days that have committed. */
  remember(days: readonly DeviceDay[]): void {
    for (const row of days) {
      if (row.day !== this.#day || this.#seen.size >= this.#capacity) {
        this.#day = row.day;
        this.#seen = new Set();
      }
      this.#seen.add(nameOf(row));
    }
  }
}

function nameOf({ appId, day, instanceId, verdict }: DeviceDay): string {
  return `${appId}\n${day}\n${instanceId}\n${verdict}`;
}

let cachedDay = { startMs: Number.NaN, text: '' };

/** `YYYY-MM-DD` in UTC. */
function utcDay(ms: number): string {
  if (!(ms - cachedDay.startMs >= 0 && ms - cachedDay.startMs < 86_400_000)) {
    cachedDay = {
      startMs: Math.floor(ms / 86_400_000) * 86_400_000,
      text: new Date(ms).toISOString().slice(0, 10),
    };
  }
  return cachedDay.text;
}
