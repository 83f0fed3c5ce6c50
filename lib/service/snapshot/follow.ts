import { selectKeySnapshots } from '@/lib/api-keys';
import { CHANGES_CHANNEL, readChanges } from '@/lib/changes';
import type { Change, ChangeTopic } from '@/lib/contracts';
import type { Logger } from '@/lib/core';
import type { Database, DatabaseClock } from '@/lib/db';
import { selectStatusList } from '@/lib/endorsements';
import { describeError } from '../describe-error';
import { loadSnapshotSource, selectPublicSigningKeys } from '../store';
import { applyChange, dropPastCutOffs } from './apply';
import { carryRevocations, type Forgotten } from './carry';
import { buildSnapshot, type Snapshot, unsupportedPolicies } from './state';

const POLL_MS = 1_000;
const PAGE = 1_000;
const SWEEP_MS = 60_000;

/** Told after the snapshot moved: everything up to `seq` is enforced now. A reload concerns every topic. */
export type OnApplied = (seq: number, topics: ReadonlySet<ChangeTopic> | 'reload') => void;

/** Told of what the database has forgotten and this node has not. */
export type OnForgotten = (forgotten: Forgotten) => void;

/**
 * Keeps the snapshot current: woken by notifications, and once a second in case one was lost. A gap, a new epoch, a
 * feed that was restored, or a change that this build does not understand leads to a reload; the old snapshot is in force until the new one is whole.
 */
export class SnapshotFollower {
  readonly #db: Database;
  readonly #clock: DatabaseClock;
  readonly #logger: Logger;
  #onApplied: OnApplied = () => undefined;
  #onForgotten: OnForgotten = () => undefined;
  #snapshot: Snapshot;
  /** Mark of the change at which the snapshot stands. */
  #mark: string | null;
  /** Monotonic time at which the view was last known to be complete. */
  #confirmedAt: number;
  #sweptAt = 0;
  #isRunning = false;
  #isWoken = false;
  #timer: NodeJS.Timeout | undefined;
  #unlisten: (() => Promise<void>) | undefined;

  private constructor(
    options: { db: Database; clock: DatabaseClock; logger: Logger },
    source: Awaited<ReturnType<typeof loadSnapshotSource>>,
    confirmedAt: number,
  ) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#snapshot = buildSnapshot(source);
    this.#tellUnsupported();
    this.#mark = source.mark;
    this.#confirmedAt = confirmedAt;
  }

  /** Loads the snapshot. Rejects where the database cannot be read. */
  static async load(options: {
    db: Database;
    clock: DatabaseClock;
    logger: Logger;
  }): Promise<SnapshotFollower> {
    const askedAt = options.clock.monotonicMs();
    const source = await loadSnapshotSource(options.db);
    options.clock.observe(source.databaseNowMs, askedAt);
    return new SnapshotFollower(options, source, askedAt);
  }

  /** Begins to follow what has changed since, and tells `onApplied` of it. */
  async follow(onApplied: OnApplied, onForgotten: OnForgotten = () => undefined): Promise<void> {
    this.#onApplied = onApplied;
    this.#onForgotten = onForgotten;
    const wake = () => this.wake();
    const subscription = await this.#db.sql.listen(CHANGES_CHANNEL, wake, wake);
    this.#unlisten = () => subscription.unlisten();
    this.#timer = setInterval(wake, POLL_MS);
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** When the view was last known to be complete, by the database's clock. */
  get currentAtMs(): number {
    return this.#clock.nowMs() - this.ageMs;
  }

  /** How long ago the view was last known to be complete. */
  get ageMs(): number {
    return Math.max(0, this.#clock.monotonicMs() - this.#confirmedAt);
  }

  /** Reads on now; at most one reading runs at a time. */
  wake(): void {
    this.#isWoken = true;
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#run().then(
      () => {
        this.#isRunning = false;
      },
      (error: unknown) => {
        this.#isRunning = false;
        this.#logger.warn(
          { error: describeError(error), ageMs: this.ageMs },
          'the change feed cannot be read',
        );
      },
    );
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#unlisten?.().catch(() => undefined);
  }

  async #run(): Promise<void> {
    while (this.#isWoken) {
      this.#isWoken = false;
      await this.#catchUp();
      this.#sweep();
    }
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const askedAt = this.#clock.monotonicMs();
      const { epoch, seq } = this.#snapshot;
      const page = await readChanges(this.#db, epoch, seq, PAGE, this.#mark);
      if (page.kind === 'reload') {
        await this.#reload(page.why);
        return;
      }
      const topics = new Set<ChangeTopic>();
      try {
        for (const change of await this.#withList(
          await this.#withHashes(await this.#vouchedFor(page.changes)),
        )) {
          applyChange(this.#snapshot, change);
          topics.add(change.topic);
        }
      } catch (error) {
        this.#logger.warn({ error: describeError(error) }, 'a change cannot be applied');
        await this.#reload('a change cannot be applied');
        return;
      }
      this.#mark = page.mark;
      if (topics.has('app')) this.#tellUnsupported();
      if (page.changes.length > 0) this.#onApplied(this.#snapshot.seq, topics);
      if (page.changes.length >= PAGE) continue;
      this.#confirmedAt = askedAt;
      return;
    }
  }

  /**
   * The changes, with signing keys as their own table has them: only the service writes that, while the console writes to
   * the feed as well. @throws RangeError for a key that is not there
   */
  async #vouchedFor(changes: readonly Change[]): Promise<readonly Change[]> {
    if (!changes.some(({ topic }) => topic === 'signing_key')) return changes;
    const keys = await selectPublicSigningKeys(this.#db.orm);
    return changes.map((change) => {
      if (change.topic !== 'signing_key') return change;
      const payload = keys.find(({ kid }) => kid === change.payload.kid);
      if (payload === undefined)
        throw new RangeError(`Change ${change.seq} names a signing key that is not ours.`);
      return { ...change, payload };
    });
  }

  /** The changes, with API keys as their own tables have them: the feed does not carry the hashes of their values. */
  async #withHashes(changes: readonly Change[]): Promise<readonly Change[]> {
    const ids = changes.flatMap(({ topic, payload }) => (topic === 'api_key' ? [payload.id] : []));
    if (ids.length === 0) return changes;
    const keys = await selectKeySnapshots(this.#db.orm, ids);
    return changes.map((change) => {
      if (change.topic !== 'api_key') return change;
      const payload = keys.find(({ id }) => id === change.payload.id);
      if (payload === undefined)
        throw new RangeError(`Change ${change.seq} names an API key that is not there.`);
      return { ...change, payload };
    });
  }

  /** The changes, with the status list as its own table has it: only the service writes that. */
  async #withList(changes: readonly Change[]): Promise<readonly Change[]> {
    if (!changes.some(({ topic }) => topic === 'status_list')) return changes;
    const payload = await selectStatusList(this.#db.orm, this.#snapshot.statusList.digest);
    return changes.map((change) => (change.topic === 'status_list' ? { ...change, payload } : change));
  }

  async #reload(why: string): Promise<void> {
    this.#logger.warn({ why, seq: this.#snapshot.seq }, 'reloading the snapshot');
    const askedAt = this.#clock.monotonicMs();
    const source = await loadSnapshotSource(this.#db);
    const fresh = buildSnapshot(source, this.#snapshot);
    const forgotten = carryRevocations(this.#snapshot, fresh);
    this.#snapshot = fresh;
    this.#mark = source.mark;
    this.#confirmedAt = askedAt;
    this.#tellUnsupported();
    this.#onApplied(source.seq, 'reload');
    if (Object.values(forgotten).some((what) => what.length > 0)) this.#onForgotten(forgotten);
  }

  /** Says of which apps the policy needs a newer version of this node, and what it does meanwhile. */
  #tellUnsupported(): void {
    for (const { appId, version, schema, judgedBy } of unsupportedPolicies(this.#snapshot)) {
      this.#logger.error(
        { appId, policyVersion: version, schema, judgedBy },
        judgedBy === null
          ? 'a policy needs a newer version of this node; everything of the app is rejected'
          : 'a policy needs a newer version of this node; the last one that it knows stays in force',
      );
    }
  }

  #sweep(): void {
    const now = this.#clock.monotonicMs();
    if (now - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = now;
    this.#snapshot.blocks.dropEnded(this.#clock.nowMs());
    dropPastCutOffs(this.#snapshot, this.#clock.nowMs());
  }
}
