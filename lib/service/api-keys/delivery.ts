import { type DeviceVersion, versionToDeliver } from '@/lib/api-keys';
import type { ApiKeySnapshot, AttestationResponse } from '@/lib/contracts';
import type { Clock } from '@/lib/core';
import { withDeadline } from '../deadline';
import type { KeyRing } from './key-ring';

/** One API key as an app receives it. */
export type DeliveredKey = NonNullable<AttestationResponse['apiKeys']>[number];

/** Devices of which it is remembered what is written down already. */
const MAX_REMEMBERED = 100_000;
const TIMEOUT_MS = 2_000;
const NONE: readonly DeliveredKey[] = [];

interface Waiting {
  readonly rows: readonly DeviceVersion[];
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Gives API keys to instances that have just attested, and to nobody else. No value leaves before its delivery has
 * committed; where that fails the instance gets its token all the same, and its keys the next time. What the app says
 * that it holds is not given again.
 */
export class KeyDelivery {
  readonly #clock: Clock;
  readonly #ring: Pick<KeyRing, 'value'>;
  readonly #keysOf: (appId: string) => readonly ApiKeySnapshot[];
  readonly #record: (rows: readonly DeviceVersion[]) => Promise<void>;
  readonly #remembered = new Map<string, number>();
  #waiting: Waiting[] = [];
  #isRecording = false;

  constructor(options: {
    clock: Clock;
    ring: Pick<KeyRing, 'value'>;
    keysOf: (appId: string) => readonly ApiKeySnapshot[];
    record: (rows: readonly DeviceVersion[]) => Promise<void>;
  }) {
    this.#clock = options.clock;
    this.#ring = options.ring;
    this.#keysOf = options.keysOf;
    this.#record = options.record;
  }

  /** What the instance is to be given now. Call it after its attestation has committed. Never rejects. */
  async deliver(instance: {
    appId: string;
    instanceId: string;
    /** Names of keys that the policy withholds. */
    withheld: 'all' | readonly string[];
    held: Readonly<Record<string, number>> | undefined;
    /** The instance may have been erased since it was last written down: that is done anew. */
    isEnrolment: boolean;
  }): Promise<readonly DeliveredKey[]> {
    const keys = this.#keysOf(instance.appId);
    const { withheld } = instance;
    if (keys.length === 0 || withheld === 'all') return NONE;
    const nowMs = this.#clock.nowMs();
    const given: DeliveredKey[] = [];
    const unknown: DeviceVersion[] = [];
    for (const { id: keyId, name, versions } of keys) {
      if (withheld.includes(name)) continue;
      const version = versionToDeliver(versions, nowMs)?.version;
      const holds = instance.held !== undefined && Object.hasOwn(instance.held, name) && instance.held[name];
      if (version === undefined || holds === version) continue;
      const value = this.#ring.value(keyId, version);
      if (value === undefined) continue;
      given.push({ id: name, version, value });
      const row = { instanceId: instance.instanceId, keyId, version };
      if (instance.isEnrolment || this.#remembered.get(nameOf(row)) !== version) unknown.push(row);
    }
    if (unknown.length === 0) return given;
    try {
      await withDeadline(this.#written(unknown), TIMEOUT_MS);
    } catch {
      return NONE;
    }
    return given;
  }

  #written(rows: readonly DeviceVersion[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ rows, resolve, reject });
      if (!this.#isRecording) this.#recordWaiting();
    });
  }

  /** One transaction for all that came while the one before was committing. */
  #recordWaiting(): void {
    this.#isRecording = true;
    setImmediate(() => {
      const batch = this.#waiting;
      this.#waiting = [];
      const rows = batch.flatMap((waiting) => waiting.rows);
      this.#record(rows)
        .then(
          () => {
            for (const row of rows) this.#remember(row);
            for (const { resolve } of batch) resolve();
          },
          (error: unknown) => {
            for (const { reject } of batch) reject(error);
          },
        )
        .finally(() => {
          this.#isRecording = false;
          if (this.#waiting.length > 0) this.#recordWaiting();
        });
    });
  }

  #remember(row: DeviceVersion): void {
    const name = nameOf(row);
    this.#remembered.delete(name);
    if (this.#remembered.size >= MAX_REMEMBERED) {
      const [oldest] = this.#remembered.keys();
      if (oldest !== undefined) this.#remembered.delete(oldest);
    }
    this.#remembered.set(name, row.version);
  }
}

function nameOf({ instanceId, keyId }: DeviceVersion): string {
  return `${instanceId} ${keyId}`;
}
