import { reloadActors, type StaffActor } from '@/lib/auth';
import { type Clock, describeError, type Logger } from '@/lib/core';
import type { Database } from '@/lib/db';
import { coalesce } from './coalesce';
import { LiveFeed } from './feed';
import type { HeldAnswer } from './held';
import { LiveHub } from './hub';
import { type LiveChannel, LiveListener } from './listener';
import { holdStream, openStream } from './stream';

const SECOND_MS = 1_000;
/** Sessions and grants of everybody who listens are read again this often. */
const RECHECK_EVERY_MS = 3_000;
/** Streams end when sessions could not be read for so long. */
const UNCHECKED_AT_MOST_MS = 30_000;
/** Acknowledgements of several nodes that arrive together are read together. */
const GATHER_MS = 15;
/** With nobody listening for so long, the database is left alone. */
const REST_AFTER_MS = 120_000;

/** The live side of a console process. */
export interface Live {
  /** A stream for one actor, from where `lastEventId` left off if that is still known. */
  open(actor: StaffActor, lastEventId: string | null, signal: AbortSignal): ReadableStream<Uint8Array>;
  /** The same on an answer that is held. */
  hold(actor: StaffActor, lastEventId: string | null, answer: HeldAnswer): void;
  /** Ends every stream and stops reading. */
  close(): Promise<void>;
}

interface LiveOptions {
  db: Database;
  /** A pool of its own for the listener; closed with it. */
  openListenerDatabase: () => Database;
  clock: Clock;
  logger: Logger;
  /** By how much the replica is behind, where there is one. */
  replicaLagMs?: () => Promise<number | null>;
}

/** What runs while there are streams. */
interface Running {
  feed: LiveFeed;
  listener: LiveListener;
  timer: ReturnType<typeof setInterval>;
}

/** Reads once for all streams of the process, while there are any. */
class LiveRunner implements Live {
  readonly #hub: LiveHub;
  #running: Running | undefined;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #lastUsedMs = 0;
  #checkedMs = 0;

  constructor(private readonly options: LiveOptions) {
    this.#hub = new LiveHub(() => options.clock.nowMs());
  }

  open(actor: StaffActor, lastEventId: string | null, signal: AbortSignal): ReadableStream<Uint8Array> {
    this.#use();
    return openStream(this.#hub, actor, lastEventId, signal);
  }

  hold(actor: StaffActor, lastEventId: string | null, answer: HeldAnswer): void {
    this.#use();
    holdStream(this.#hub, actor, lastEventId, answer);
  }

  async close(): Promise<void> {
    this.#hub.closeAll();
    await this.#rest();
  }

  #use(): void {
    this.#lastUsedMs = this.options.clock.nowMs();
    this.#running ??= this.#start();
  }

  #start(): Running {
    const { db, clock, logger, openListenerDatabase, replicaLagMs } = this.options;
    this.#checkedMs = clock.nowMs();
    // What happened while nobody listened was not read.
    this.#hub.rest();
    const feed = new LiveFeed(db, this.#hub, clock, logger, replicaLagMs);
    const listener = new LiveListener(
      openListenerDatabase,
      (channel, payload) => this.#onNotification(feed, channel, payload),
      logger,
    );
    const second = coalesce(() => this.#second(feed));
    void second();
    listener.start();
    return { feed, listener, timer: setInterval(() => void second(), SECOND_MS) };
  }

  async #rest(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    clearInterval(running?.timer);
    running?.feed.close();
    await running?.listener.close();
  }

  async #second(feed: LiveFeed): Promise<void> {
    const nowMs = this.options.clock.nowMs();
    if (this.#hub.size > 0) this.#lastUsedMs = nowMs;
    else if (nowMs - this.#lastUsedMs > REST_AFTER_MS) return this.#rest();
    await this.#recheck(nowMs);
    await feed.second();
  }

  #onNotification(feed: LiveFeed, channel: LiveChannel, payload: string): void {
    if (channel === 'events') return void this.#read(() => feed.countsFolded());
    if (channel === 'changes') {
      feed.follow(Number(payload));
      void this.#read(feed.audit);
    }
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      void this.#read(feed.propagation);
    }, GATHER_MS);
  }

  async #read(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.options.logger.warn({ error: describeError(error) }, 'live feed could not read');
    }
  }

  /** Ends the streams of sessions that have ended, and gives the others their present grants. */
  async #recheck(nowMs: number): Promise<void> {
    if (nowMs - this.#checkedMs < RECHECK_EVERY_MS) return;
    try {
      const actors = this.#hub.actors();
      this.#hub.refreshActors(actors, await reloadActors(this.options, actors));
      this.#checkedMs = nowMs;
    } catch (error) {
      this.options.logger.warn({ error: describeError(error) }, 'live sessions could not be checked');
      if (nowMs - this.#checkedMs > UNCHECKED_AT_MOST_MS) this.#hub.closeAll();
    }
  }
}

/** The live side of this process. It reads nothing until the first stream is opened. */
export function startLive(options: LiveOptions): Live {
  return new LiveRunner(options);
}
