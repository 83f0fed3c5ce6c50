import type { Database } from '@/lib/db';
import type { PresentedKey } from '@/lib/relying-party';
import { type DeviceVersion, recordDeviceUses } from './deliveries';

const MINUTE_MS = 60_000;
/** Devices whose move to another version waits to be written; beyond, they are noticed at their next request. */
const MAX_PENDING = 20_000;
/** Devices whose last version is remembered, so that only a change of version is written. */
const MAX_REMEMBERED = 50_000;

/** Under which requests are counted that should have presented a key, and presented none of its versions. */
export const NO_VERSION = 0;

/** One request that presented a version of a managed key, or should have. */
export interface KeyUse extends Omit<PresentedKey, 'appId'> {
  /** The device, where its token was good. */
  readonly instanceId: string | null;
}

interface UseCount {
  readonly keyId: string;
  readonly version: number;
  readonly standing: PresentedKey['standing'];
  readonly bucketMs: number;
  requests: number;
}

/**
 * Uses of managed keys, counted in memory of bounded size and written once a second, as decisions are: a crash may lose
 * the last second, an outage of the database loses nothing.
 */
export class KeyUseCounters {
  readonly #db: Database;
  readonly #writer: string;
  /** Keys, versions and minutes are few, so this cannot grow without bound. */
  #counts = new Map<string, UseCount>();
  #pending = new Map<string, DeviceVersion>();
  readonly #remembered = new Map<string, number>();

  constructor(db: Database, writer: string) {
    this.#db = db;
    this.#writer = writer;
  }

  /** Counts one use. */
  count({ keyId, version, standing, instanceId }: KeyUse, nowMs: number): void {
    const bucketMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    this.#add({ keyId, version: version ?? NO_VERSION, standing, bucketMs, requests: 1 });
    if (instanceId === null || version === null) return;
    const name = `${instanceId} ${keyId}`;
    const isKnown = this.#remembered.get(name) === version;
    if (isKnown || (this.#pending.size >= MAX_PENDING && !this.#pending.has(name))) return;
    this.#pending.set(name, { instanceId, keyId, version });
  }

  /** Writes what was gathered. What cannot be written is gathered again. */
  async flush(): Promise<void> {
    if (this.#counts.size === 0 && this.#pending.size === 0) return;
    const counts = [...this.#counts.values()];
    const devices = this.#pending;
    this.#counts = new Map();
    this.#pending = new Map();
    try {
      await addUses(this.#db, counts, this.#writer);
    } catch (error) {
      for (const count of counts) this.#add(count);
      for (const [name, row] of devices) if (!this.#pending.has(name)) this.#pending.set(name, row);
      throw error;
    }
    await recordDeviceUses(this.#db, [...devices.values()], this.#writer);
    for (const [name, { version }] of devices) this.#remember(name, version);
  }

  #add(count: UseCount): void {
    const name = `${count.keyId} ${count.version} ${count.standing} ${count.bucketMs}`;
    const known = this.#counts.get(name);
    if (known === undefined) this.#counts.set(name, { ...count });
    else known.requests += count.requests;
  }

  #remember(name: string, version: number): void {
    this.#remembered.delete(name);
    if (this.#remembered.size >= MAX_REMEMBERED) {
      const [oldest] = this.#remembered.keys();
      if (oldest !== undefined) this.#remembered.delete(oldest);
    }
    this.#remembered.set(name, version);
  }
}

async function addUses({ sql }: Database, counts: readonly UseCount[], writer: string): Promise<void> {
  if (counts.length === 0) return;
  const column = <Value>(pick: (count: UseCount) => Value) => counts.map(pick);
  await sql`
    insert into api_key_uses (key_id, version, bucket, standing, writer, requests)
    select key_id, version, to_timestamp(bucket_ms / 1000), standing, ${writer}, requests
    from unnest(${column(({ keyId }) => keyId)}::uuid[], ${column(({ version }) => version)}::int4[],
      ${column(({ bucketMs }) => bucketMs)}::float8[], ${column(({ standing }) => standing)}::text[],
      ${column(({ requests }) => requests)}::int8[]) as t(key_id, version, bucket_ms, standing, requests)
    order by key_id, version, bucket_ms, standing
    on conflict (key_id, version, bucket, standing, writer) do update
      set requests = api_key_uses.requests + excluded.requests`;
}

/** Deletes counts that are older than eight days: nothing shows them any more. */
export async function deleteOldUses({ sql }: Pick<Database, 'sql'>): Promise<number> {
  const result = await sql`
    delete from api_key_uses where bucket < clock_timestamp() - interval '8 days'`;
  return result.count;
}
