/** Whether a change of the URL is a step back in the browser's history. */
export type HistoryStep = 'push' | 'replace';

/** The part of the browser that is used, so that tests can stand in for it. */
export interface UrlPlace {
  path(): string;
  /** With or without its question mark. */
  search(): string;
  write(search: string, step: HistoryStep): void;
}

/** What was set and the router does not know yet. */
interface Ahead {
  path: string;
  search: string;
  /** What the router may still believe meanwhile. */
  behind: ReadonlySet<string>;
}

/** A change that is not in the URL yet, which was `from` before it. */
interface Waiting {
  from: string;
  step: HistoryStep;
}

/** Browsers refuse to change the URL much more often: Safari after 100 times in 10 s. */
const BETWEEN_MS = 120;

/**
 * The parameters of the URL, ahead of the router: what is set is read back at once, where the router would take it over
 * in a transition, later. Changes of the same moment are one step of the history.
 */
export class UrlStore {
  #ahead: Ahead | undefined;
  #waiting: Waiting | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writtenMs = Number.NEGATIVE_INFINITY;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly place: UrlPlace,
    private readonly nowMs: () => number = Date.now,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The parameters of a page whose router says `routed`: its own, unless it is known to be behind. */
  shown(path: string, routed: string): string {
    return this.#ahead?.path === path && this.#ahead.behind.has(routed) ? this.#ahead.search : routed;
  }

  /** Changes parameters. Nothing happens where that leaves them as they are. */
  set(change: (params: URLSearchParams) => void, step: HistoryStep): void {
    const path = this.place.path();
    const from = normal(this.place.search());
    // Whoever went elsewhere meanwhile has left what was set there.
    if (this.#ahead?.path !== path || (this.#waiting && this.#waiting.from !== from)) this.#drop();
    const before = this.#waiting && this.#ahead ? this.#ahead.search : from;
    const params = new URLSearchParams(before);
    change(params);
    const search = params.toString();
    if (search === before) return;
    this.#ahead = { path, search, behind: new Set([...(this.#ahead?.behind ?? []), before]) };
    this.#wait(from, step);
    this.#tell();
  }

  /** Takes notice of what the router says now, after it has been shown. */
  settle(path: string, routed: string): void {
    if (!this.#ahead) return;
    const { path: aheadPath, search, behind } = this.#ahead;
    const isElsewhere = path !== aheadPath || (routed !== search && !behind.has(routed));
    const isThere = this.#waiting === undefined && routed === normal(this.place.search());
    if (isElsewhere || isThere) {
      this.#drop();
      this.#tell();
    }
  }

  #wait(from: string, step: HistoryStep): void {
    if (this.#waiting) {
      if (step === 'push') this.#waiting.step = step;
      return;
    }
    const waiting: Waiting = { from, step };
    const delayMs = Math.max(0, this.#writtenMs + BETWEEN_MS - this.nowMs());
    this.#waiting = waiting;
    this.#timer = setTimeout(() => this.#write(waiting), delayMs);
  }

  #write({ from, step }: Waiting): void {
    this.#waiting = undefined;
    const isStillHere = this.place.path() === this.#ahead?.path && normal(this.place.search()) === from;
    // What was taken back at once needs no step.
    if (this.#ahead && isStillHere && this.#ahead.search !== from) {
      this.#writtenMs = this.nowMs();
      this.place.write(this.#ahead.search, step);
    } else {
      this.#drop();
      this.#tell();
    }
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#waiting = undefined;
    this.#ahead = undefined;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function normal(search: string): string {
  return new URLSearchParams(search).toString();
}
