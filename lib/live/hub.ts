import { randomBytes } from 'node:crypto';
import type { StaffActor } from '@/lib/auth';
import { type Audience, audienceOf, type LiveItem, viewOf } from './audience';
import { encodeEvent } from './encode';

/** Where a subscriber's bytes go. `false`: it is too slow and gets nothing more until it says `caughtUp`. */
export interface Sink {
  write(bytes: Uint8Array): boolean;
  close(): void;
}

/** One open stream. */
export interface Subscription {
  /** Tells that a slow sink has room again: what was missed is not sent, but said to be missed. */
  caughtUp(): void;
  close(): void;
}

interface Subscriber {
  actor: StaffActor;
  audience: Audience;
  sink: Sink;
  behind: boolean;
}

interface Published {
  seq: number;
  item: LiveItem;
  /** Bytes per audience, made once; `null` where that audience gets nothing. */
  encoded: Map<string, Uint8Array | null>;
}

/** Messages that can be replayed to a client that was away for a moment. */
const REPLAY_MESSAGES = 600;

/**
 * Hands what happens to every open stream, each cut to what its actor may see. Ids are dense within this hub
 * (`<hub>-<n>`), so that a client that comes back is told what it missed, or that it missed too much.
 */
export class LiveHub {
  #id = newHubId();
  #seq = 0;
  #ring: Published[] = [];
  #telling = false;
  readonly #subscribers = new Set<Subscriber>();

  constructor(private readonly nowMs: () => number) {}

  /** How many streams are open. */
  get size(): number {
    return this.#subscribers.size;
  }

  /** Everybody who listens. */
  actors(): StaffActor[] {
    return [...this.#subscribers].map((subscriber) => subscriber.actor);
  }

  /** Sends an item to all who may see it, and keeps it for those who come back. */
  publish(item: LiveItem): void {
    this.#seq += 1;
    const published: Published = { seq: this.#seq, item, encoded: new Map() };
    this.#ring.push(published);
    if (this.#ring.length > REPLAY_MESSAGES) this.#ring.shift();
    for (const subscriber of this.#subscribers) this.#send(subscriber, published);
  }

  /** Tells everybody what time it is. Not replayed, and no step of the cursor. */
  tick(): void {
    const bytes = encodeEvent({ event: 'tick', data: { serverTime: this.#serverTime() } });
    for (const subscriber of this.#subscribers) this.#write(subscriber, bytes);
  }

  /**
   * Opens a stream: `hello` first, then what was missed since `lastEventId` where that can still be told, then whatever
   * happens. Before `begin` there is no `hello`: whoever is greeted may rely on being told everything from then on.
   */
  subscribe(actor: StaffActor, lastEventId: string | null, sink: Sink): Subscription {
    const subscriber: Subscriber = { actor, audience: audienceOf(actor), sink, behind: false };
    if (this.#telling) {
      const missed = this.#missedSince(lastEventId);
      this.#hello(subscriber, missed !== undefined);
      for (const published of missed ?? []) this.#send(subscriber, published);
    }
    this.#subscribers.add(subscriber);
    return {
      caughtUp: () => {
        if (!subscriber.behind) return;
        subscriber.behind = false;
        this.#hello(subscriber, false);
      },
      close: () => {
        this.#subscribers.delete(subscriber);
      },
    };
  }

  /**
   * Puts the present state of actors in place of the one that was checked, and closes the streams of those who are
   * missing from it. Whoever came since the check is left alone.
   */
  refreshActors(checked: readonly StaffActor[], present: ReadonlyMap<string, StaffActor>): void {
    const sessions = new Set<string>(checked.map((actor) => actor.sessionId));
    for (const subscriber of this.#subscribers) {
      if (!sessions.has(subscriber.actor.sessionId)) continue;
      const actor = present.get(subscriber.actor.sessionId);
      if (actor) {
        subscriber.actor = actor;
        subscriber.audience = audienceOf(actor);
      } else {
        this.#end(subscriber);
      }
    }
  }

  /** Ends every stream; clients come back by themselves. */
  closeAll(): void {
    for (const subscriber of this.#subscribers) this.#end(subscriber);
  }

  /** Whatever happens from now on will be published: greets those who wait for that. */
  begin(): void {
    this.#telling = true;
    this.resync();
  }

  /** What happens from now on is not read: nobody is greeted until `begin`, and who comes back has to reload. */
  rest(): void {
    this.#telling = false;
    this.#forget();
  }

  /** Tells everybody that something may have been missed. */
  resync(): void {
    this.#forget();
    for (const subscriber of this.#subscribers) this.#hello(subscriber, false);
  }

  #forget(): void {
    this.#id = newHubId();
    this.#ring = [];
  }

  #end(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    subscriber.sink.close();
  }

  #hello(subscriber: Subscriber, resumed: boolean): void {
    const data = { serverTime: this.#serverTime(), resumed };
    // The cursor of what follows: a replay moves it on.
    const id = resumed ? undefined : `${this.#id}-${this.#seq}`;
    this.#write(subscriber, encodeEvent({ ...(id === undefined ? {} : { id }), event: 'hello', data }));
  }

  #send(subscriber: Subscriber, published: Published): void {
    const { key } = subscriber.audience;
    let bytes = published.encoded.get(key);
    if (bytes === undefined) {
      bytes = this.#encode(published, subscriber.audience);
      published.encoded.set(key, bytes);
    }
    if (bytes !== null) this.#write(subscriber, bytes);
  }

  #encode({ seq, item }: Published, audience: Audience): Uint8Array | null {
    const view = viewOf(item, audience);
    return view ? encodeEvent({ id: `${this.#id}-${seq}`, event: view.topic, data: view.data }) : null;
  }

  #write(subscriber: Subscriber, bytes: Uint8Array): void {
    if (!subscriber.behind && !subscriber.sink.write(bytes)) subscriber.behind = true;
  }

  /** What a client with this cursor has missed; `undefined` where that is not known. */
  #missedSince(lastEventId: string | null): Published[] | undefined {
    const match = /^([0-9a-f]{16})-(\d{1,15})$/.exec(lastEventId ?? '');
    const seq = Number(match?.[2]);
    if (match?.[1] !== this.#id || seq > this.#seq) return undefined;
    const oldest = this.#ring[0]?.seq ?? this.#seq + 1;
    return seq >= oldest - 1 ? this.#ring.filter((published) => published.seq > seq) : undefined;
  }

  #serverTime(): string {
    return new Date(this.nowMs()).toISOString();
  }
}

function newHubId(): string {
  return randomBytes(8).toString('hex');
}
