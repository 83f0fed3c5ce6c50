import type { LiveMessage, LiveTopic } from '@/lib/contracts';

/** `paused` by the viewer or because the tab is hidden; `reconnecting` also where nothing has come for too long. */
export type LiveStatus = 'live' | 'reconnecting' | 'paused';

export interface LiveState {
  status: LiveStatus;
  /** How far the page is behind the server, in milliseconds; `null` before the first message. */
  lagMs: number | null;
}

/** The part of `EventSource` that is used, so that tests can stand in for it. */
export interface EventStream {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: Event) => void): void;
  close(): void;
}

type Handler<Topic extends LiveTopic> = (message: LiveMessage<Topic>) => void;
type AnyHandler = (message: never) => void;

const TOPIC_TABLE: Readonly<Record<LiveTopic, true>> = {
  hello: true,
  attestations: true,
  propagation: true,
  nodes: true,
  audit: true,
  tick: true,
};
const TOPICS = Object.keys(TOPIC_TABLE) as LiveTopic[];

const CLOSED = 2;
const MEASURE_EVERY_MS = 1_000;
const SILENT_AFTER_MS = 15_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/**
 * One live stream and what is known of it. The browser reconnects, with `Last-Event-ID`, while the server answers; where
 * it refuses, this tries again after 1, 2, 4 … 30 s.
 */
export class LiveStore {
  #state: LiveState = { status: 'reconnecting', lagMs: null };
  #stream: EventStream | undefined;
  #paused = false;
  #hidden = false;
  #retryMs = FIRST_RETRY_MS;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #measureTimer: ReturnType<typeof setInterval> | undefined;
  /** Smallest difference seen between our clock and the server's: what of it is not delay. */
  #clockOffsetMs = Number.POSITIVE_INFINITY;
  #lastServerMs = 0;
  #lastHeardMs = 0;
  readonly #listeners = new Set<() => void>();
  readonly #handlers = new Map<LiveTopic, Set<AnyHandler>>();

  constructor(
    private readonly open: () => EventStream,
    private readonly nowMs: () => number = Date.now,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): LiveState => this.#state;

  /** Calls back for every message of a topic; gives what ends that. */
  on<Topic extends LiveTopic>(topic: Topic, handler: Handler<Topic>): () => void {
    const handlers = this.#handlers.get(topic) ?? new Set();
    handlers.add(handler as AnyHandler);
    this.#handlers.set(topic, handlers);
    return () => handlers.delete(handler as AnyHandler);
  }

  /** Opens the stream; gives what closes it for good. */
  start(): () => void {
    this.#measureTimer = setInterval(() => this.#measure(), MEASURE_EVERY_MS);
    this.#connect();
    return () => {
      clearInterval(this.#measureTimer);
      this.#disconnect();
    };
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#follow();
  }

  /** Tells whether the tab is hidden: a hidden one needs no stream. */
  setHidden(hidden: boolean): void {
    this.#hidden = hidden;
    this.#follow();
  }

  #follow(): void {
    if (this.#paused || this.#hidden) {
      this.#disconnect();
      this.#set({ status: 'paused', lagMs: null });
    } else if (this.#stream === undefined) {
      this.#connect();
    }
  }

  #connect(): void {
    this.#disconnect();
    this.#set({ status: 'reconnecting', lagMs: null });
    const stream = this.open();
    this.#stream = stream;
    for (const topic of TOPICS) stream.addEventListener(topic, (event) => this.#receive(topic, event));
    stream.addEventListener('error', () => this.#onError(stream));
  }

  #disconnect(): void {
    clearTimeout(this.#retryTimer);
    this.#stream?.close();
    this.#stream = undefined;
  }

  #onError(stream: EventStream): void {
    if (stream !== this.#stream) return;
    this.#set({ status: 'reconnecting', lagMs: this.#state.lagMs });
    if (stream.readyState !== CLOSED) return;
    this.#retryTimer = setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #receive(topic: LiveTopic, event: Event): void {
    const message = readMessage(event);
    if (message === undefined) return;
    this.#retryMs = FIRST_RETRY_MS;
    this.#lastHeardMs = this.nowMs();
    const serverMs = 'serverTime' in message ? Date.parse(String(message.serverTime)) : Number.NaN;
    if (!Number.isNaN(serverMs)) {
      this.#lastServerMs = serverMs;
      this.#clockOffsetMs = Math.min(this.#clockOffsetMs, this.#lastHeardMs - serverMs);
    }
    this.#measure();
    for (const handler of this.#handlers.get(topic) ?? []) handler(message as never);
  }

  #measure(): void {
    if (this.#stream === undefined || this.#lastHeardMs === 0) return;
    const now = this.nowMs();
    const silent = now - this.#lastHeardMs > SILENT_AFTER_MS;
    const known = this.#lastServerMs > 0;
    this.#set({
      status: silent ? 'reconnecting' : 'live',
      lagMs: known ? Math.max(0, now - this.#clockOffsetMs - this.#lastServerMs) : null,
    });
  }

  #set(state: LiveState): void {
    if (state.status === this.#state.status && state.lagMs === this.#state.lagMs) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** The JSON object of a message; `undefined` for anything else. Its members are those of `LIVE_MESSAGES`, by its sender. */
function readMessage(event: Event): object | undefined {
  if (!('data' in event) || typeof event.data !== 'string') return undefined;
  try {
    const data: unknown = JSON.parse(event.data);
    return typeof data === 'object' && data !== null ? data : undefined;
  } catch {
    return undefined;
  }
}
