import { AppError } from '@/lib/core';
import type { PendingAttestation, SettledAttestation } from '@/lib/telemetry';

/** Attestations in one transaction at most. */
const MAX_BATCH = 1_024;
/** Attestations that may wait; more are refused at once. */
const MAX_QUEUE = 5_000;
/** While the service is busy, a transaction waits this long for company: its fixed cost is then shared by more. */
const GATHER_MS = 4;
/** It waits no longer once this many are there, not even for the one under way: the database has other work to do while it writes its log. */
const ENOUGH = 64;
/** Transactions under way at once. */
const MAX_UNDER_WAY = 2;
/** After this long an attestation is refused, whatever became of its transaction. */
const TIMEOUT_MS = 2_000;

/** Commits a batch, all or nothing, and answers in its order. */
export type Commit = (batch: readonly PendingAttestation[]) => Promise<SettledAttestation[]>;

/** Told of every batch that committed or failed. */
export type CommitObserver = (batch: { size: number; elapsedMs: number; isCommitted: boolean }) => void;

interface Waiting {
  readonly pending: PendingAttestation;
  readonly deadlineMs: number;
  resolve(settled: SettledAttestation): void;
  reject(error: AppError): void;
  isAnswered: boolean;
}

/**
 * One transaction for everything that arrived while the one before was committing: the busier the service, the larger
 * the batches. Where enough waits for a large one, it does not wait for the one before. Who waits is answered after the commit, or refused with `service_unavailable`: at once where the queue is
 * full, after two seconds where the database does not answer. A transaction that was given up on may yet commit; its
 * attestations are events without a token then, never the reverse.
 */
export class GroupCommit {
  readonly #commit: Commit;
  readonly #observe: CommitObserver;
  readonly #nowMs: () => number;
  #queue: Waiting[] = [];
  #isScheduled = false;
  #isBusy = false;
  #gathering: NodeJS.Timeout | undefined;
  #sweeper: NodeJS.Timeout | undefined;
  /** Members of each batch that is committing. */
  readonly #underWay = new Set<readonly Waiting[]>();

  constructor(commit: Commit, observe: CommitObserver, nowMs: () => number = () => performance.now()) {
    this.#commit = commit;
    this.#observe = observe;
    this.#nowMs = nowMs;
  }

  /** Attestations that wait for their transaction to begin. */
  get depth(): number {
    return this.#queue.length;
  }

  /** Resolves once the attestation has committed. @throws AppError `service_unavailable` */
  submit(pending: PendingAttestation): Promise<SettledAttestation> {
    if (this.#queue.length >= MAX_QUEUE) return Promise.reject(new AppError('service_unavailable'));
    return new Promise((resolve, reject) => {
      const deadlineMs = this.#nowMs() + TIMEOUT_MS;
      this.#queue.push({ pending, deadlineMs, resolve, reject, isAnswered: false });
      this.#schedule();
    });
  }

  /** Ends the watch over deadlines. What still waits is answered by its transaction alone. */
  stop(): void {
    clearTimeout(this.#gathering);
    clearInterval(this.#sweeper);
  }

  /** Starts the next transaction after the requests that are ready to be read now, so that they travel together. */
  #schedule(): void {
    this.#sweeper ??= setInterval(() => this.#refuseOverdue(), 100);
    if (this.#isScheduled || !this.#mayStart) return;
    if (this.#gathering !== undefined) {
      if (this.#queue.length >= ENOUGH) this.#next();
      return;
    }
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#next();
    });
  }

  /** Whether another transaction may begin now. */
  get #mayStart(): boolean {
    const { size } = this.#underWay;
    return size === 0 || (size < MAX_UNDER_WAY && this.#queue.length >= ENOUGH);
  }

  /** Goes on after a transaction: at once where nothing or enough waits, or where it had been alone. */
  #continue(): void {
    if (!this.#mayStart) return;
    const waiting = this.#queue.length;
    if (waiting === 0 || waiting >= ENOUGH || !this.#isBusy) this.#next();
    else this.#gathering = setTimeout(() => this.#next(), GATHER_MS);
  }

  #next(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (!this.#mayStart) return;
    const batch = this.#queue.splice(0, MAX_BATCH);
    if (batch.length === 0) {
      clearInterval(this.#sweeper);
      this.#sweeper = undefined;
      return;
    }
    this.#isBusy = batch.length > 1;
    this.#underWay.add(batch);
    const startedAt = this.#nowMs();
    const finish = (isCommitted: boolean) => {
      this.#observe({ size: batch.length, elapsedMs: this.#nowMs() - startedAt, isCommitted });
      this.#underWay.delete(batch);
      this.#continue();
    };
    this.#commit(batch.map(({ pending }) => pending)).then(
      (settled) => {
        for (const [index, waiting] of batch.entries()) answer(waiting, settled[index], undefined);
        finish(true);
      },
      (error: unknown) => {
        for (const waiting of batch) answer(waiting, undefined, error);
        finish(false);
      },
    );
  }

  #refuseOverdue(): void {
    const now = this.#nowMs();
    const overdue = (waiting: Waiting) => waiting.deadlineMs <= now;
    for (const batch of this.#underWay)
      for (const waiting of batch) if (overdue(waiting)) answer(waiting, undefined, 'timeout');
    if (!this.#queue.some(overdue)) return;
    for (const waiting of this.#queue) if (overdue(waiting)) answer(waiting, undefined, 'timeout');
    this.#queue = this.#queue.filter((waiting) => !overdue(waiting));
  }
}

function answer(waiting: Waiting, settled: SettledAttestation | undefined, cause: unknown): void {
  if (waiting.isAnswered) return;
  waiting.isAnswered = true;
  if (settled !== undefined) waiting.resolve(settled);
  else waiting.reject(new AppError('service_unavailable', { cause }));
}
