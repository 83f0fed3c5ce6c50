import type { CutOffScope, CutOffSnapshot } from '@/lib/contracts';

/** What a token is held against cut-offs by. */
export interface CutOffSubject {
  readonly appId: string;
  readonly kid: string;
  readonly instanceId: string;
  /** Absent where a token is issued: it is not known yet which APIs it will be presented to. */
  readonly apiId?: string;
}

/**
 * The cut-offs of every level, the latest of each target. They only rise: an older one, or one that a restored database
 * has forgotten, never takes the place of a later one.
 */
export class CutOffs {
  readonly #byScope: Readonly<Record<CutOffScope, Map<string, CutOffSnapshot>>> = {
    organisation: new Map(),
    app: new Map(),
    signing_key: new Map(),
    api: new Map(),
    instance: new Map(),
  };
  #organisationSeconds = Number.NEGATIVE_INFINITY;

  constructor(cutOffs: Iterable<CutOffSnapshot> = []) {
    for (const cutOff of cutOffs) this.raise(cutOff);
  }

  /** Takes a cut-off in, unless its target has a later one. */
  raise(cutOff: CutOffSnapshot): void {
    const { scope, target, notBeforeSeconds } = cutOff;
    const known = this.#byScope[scope].get(target);
    if (known !== undefined && known.notBeforeSeconds >= notBeforeSeconds) return;
    this.#byScope[scope].set(target, cutOff);
    if (scope === 'organisation') {
      this.#organisationSeconds = Math.max(this.#organisationSeconds, notBeforeSeconds);
    }
  }

  /** No token of this subject with an `iat` before this is good, in seconds; `-Infinity` for none. */
  secondsFor({ appId, kid, instanceId, apiId }: CutOffSubject): number {
    return Math.max(
      this.#organisationSeconds,
      this.#secondsOf('app', appId),
      this.#secondsOf('signing_key', kid),
      this.#secondsOf('instance', instanceId),
      apiId === undefined ? Number.NEGATIVE_INFINITY : this.#secondsOf('api', apiId),
    );
  }

  /** The latest cut-off of each target. */
  *all(): Generator<CutOffSnapshot> {
    for (const cutOffs of Object.values(this.#byScope)) yield* cutOffs.values();
  }

  /** Forgets cut-offs of single instances that are too old for any token that is still alive. */
  dropInstancesBefore(seconds: number): void {
    for (const [target, { notBeforeSeconds }] of this.#byScope.instance) {
      if (notBeforeSeconds < seconds) this.#byScope.instance.delete(target);
    }
  }

  #secondsOf(scope: CutOffScope, target: string): number {
    return this.#byScope[scope].get(target)?.notBeforeSeconds ?? Number.NEGATIVE_INFINITY;
  }
}
