import { performance } from 'node:perf_hooks';
import type { Clock } from '@/lib/core';

/**
 * The database's clock, followed from this machine: between measurements it runs on the monotonic clock, so that a
 * jump of this machine's wall clock moves no expiry. Until the first measurement it is this machine's clock.
 */
export class DatabaseClock implements Clock {
  readonly #monotonicMs: () => number;
  readonly #wallMs: () => number;
  /** Database time minus monotonic time. */
  #offsetMs: number;
  #isMeasured = false;

  constructor(monotonicMs: () => number = () => performance.now(), wallMs: () => number = () => Date.now()) {
    this.#monotonicMs = monotonicMs;
    this.#wallMs = wallMs;
    this.#offsetMs = wallMs() - monotonicMs();
  }

  nowMs(): number {
    return Math.floor(this.#monotonicMs() + this.#offsetMs);
  }

  /** Milliseconds on a clock that only this process knows and nobody can set. */
  monotonicMs(): number {
    return this.#monotonicMs();
  }

  /** How far this machine's wall clock is ahead of the database's, in milliseconds. */
  skewMs(): number {
    return Math.round(this.#wallMs() - this.#monotonicMs() - this.#offsetMs);
  }

  /**
   * Takes in one reading. The database read its clock at some moment between asking and now, so that its present lies
   * between the reading and the reading plus the round trip; the estimate moves only as far as that demands.
   * @param databaseMs - what the database said.
   * @param askedAtMs - `monotonicMs()` when it was asked.
   */
  observe(databaseMs: number, askedAtMs: number): void {
    const now = this.#monotonicMs();
    const roundTrip = Math.max(0, now - askedAtMs);
    const estimate = this.#isMeasured ? now + this.#offsetMs : databaseMs + roundTrip / 2;
    const corrected = Math.min(Math.max(estimate, databaseMs), databaseMs + roundTrip);
    this.#offsetMs = corrected - now;
    this.#isMeasured = true;
  }
}
