import type { ApiKeySnapshot } from '@/lib/contracts';
import { fromBase64Url } from '@/lib/core';
import type { ManagedKey } from '@/lib/relying-party';

const NONE: readonly never[] = [];
/** Versions whose values are still recognised after they were revoked: the newest of them, so that a request costs the same for ever. */
const MOST_RECOGNISED = 32;

/** The API keys of a snapshot, found by whom they concern. Few, and rarely changed: a change makes the indexes anew. */
export class ApiKeys {
  readonly #keys = new Map<string, ApiKeySnapshot>();
  #byApp = new Map<string, ApiKeySnapshot[]>();
  #byApi = new Map<string, ManagedKey[]>();

  constructor(keys: readonly ApiKeySnapshot[]) {
    for (const key of keys) this.#keys.set(key.id, key);
    this.#index();
  }

  /** Takes the whole new state of one key. */
  set(key: ApiKeySnapshot): void {
    this.#keys.set(key.id, key);
    this.#index();
  }

  /** Keys of an app, which its instances are given. */
  ofApp(appId: string): readonly ApiKeySnapshot[] {
    return this.#byApp.get(appId) ?? NONE;
  }

  /** Managed keys that an API checks. */
  checkedBy(apiId: string): readonly ManagedKey[] {
    return this.#byApi.get(apiId) ?? NONE;
  }

  #index(): void {
    this.#byApp = new Map();
    this.#byApi = new Map();
    for (const key of this.#keys.values()) {
      add(this.#byApp, key.appId, key);
      if (key.kind !== 'managed') continue;
      const managed = managedKey(key);
      for (const apiId of key.apiIds) add(this.#byApi, apiId, managed);
    }
  }
}

/** A version without a hash can be presented by nobody. */
function managedKey({ id, appId, isRequired, versions }: ApiKeySnapshot): ManagedKey {
  return {
    ...{ id, appId, isRequired },
    versions: versions.flatMap(({ version, status, retiresAtMs, valueHash }, index) => {
      if (status === 'revoked' && index >= MOST_RECOGNISED) return [];
      const hash = valueHash === null ? undefined : fromBase64Url(valueHash);
      return hash === undefined ? [] : [{ version, status, retiresAtMs, hash }];
    }),
  };
}

function add<Value>(index: Map<string, Value[]>, name: string, value: Value): void {
  const known = index.get(name);
  if (known === undefined) index.set(name, [value]);
  else known.push(value);
}
