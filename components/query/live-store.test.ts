import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EventStream, LiveStore } from './live-store';

class FakeStream implements EventStream {
  readyState = 1;
  closed = false;
  readonly #listeners = new Map<string, (event: Event) => void>();
  addEventListener(type: string, listener: (event: Event) => void): void {
    this.#listeners.set(type, listener);
  }
  close(): void {
    this.closed = true;
  }
  send(type: string, data?: unknown): void {
    const event = Object.assign(new Event(type), {
      data: typeof data === 'string' ? data : JSON.stringify(data),
    });
    this.#listeners.get(type)?.(event);
  }
}

const START = Date.UTC(2026, 2, 3);
const serverTime = (aheadMs = 0) => new Date(START + aheadMs).toISOString();

let streams: FakeStream[];
let store: LiveStore;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  streams = [];
  store = new LiveStore(() => {
    const stream = new FakeStream();
    streams.push(stream);
    return stream;
  });
  stop = store.start();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

function current(): FakeStream {
  const stream = streams.at(-1);
  if (stream === undefined) throw new Error('No stream was opened.');
  return stream;
}

describe('LiveStore', () => {
  it('is live from the first message on, and says what it lags', () => {
    expect(store.snapshot()).toEqual({ status: 'reconnecting', lagMs: null });
    current().send('hello', { serverTime: serverTime(), resumed: true });
    expect(store.snapshot()).toEqual({ status: 'live', lagMs: 0 });
    vi.advanceTimersByTime(1_000);
    expect(store.snapshot().lagMs).toBe(1_000);
  });

  it('takes a difference between the clocks for no lag', () => {
    current().send('tick', { serverTime: serverTime(-7_200_000) });
    expect(store.snapshot().lagMs).toBe(0);
  });

  it('gives each handler the messages of its topic only', () => {
    const seen = vi.fn();
    const end = store.on('audit', seen);
    current().send('audit', { id: 1, action: 'block.create', targetKind: 'instance', targetId: 'x' });
    current().send('tick', { serverTime: serverTime() });
    end();
    current().send('audit', { id: 2, action: 'block.create', targetKind: 'instance', targetId: 'x' });
    expect(seen).toHaveBeenCalledTimes(1);
  });

  it('drops what is not a JSON object', () => {
    current().send('tick', 'not json');
    current().send('tick', '[1');
    expect(store.snapshot().status).toBe('reconnecting');
  });

  it('does not call itself live after 15 s of silence', () => {
    current().send('tick', { serverTime: serverTime() });
    vi.advanceTimersByTime(16_000);
    expect(store.snapshot()).toMatchObject({ status: 'reconnecting', lagMs: 16_000 });
  });

  it('leaves reconnecting to the browser, but tries again itself where the server refused', () => {
    current().send('error');
    vi.advanceTimersByTime(60_000);
    expect(streams).toHaveLength(1);
    current().readyState = 2;
    current().send('error');
    vi.advanceTimersByTime(1_000);
    expect(streams).toHaveLength(2);
    current().readyState = 2;
    current().send('error');
    vi.advanceTimersByTime(1_000);
    expect(streams).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(streams).toHaveLength(3);
  });

  it.each([
    ['pausing', (on: boolean) => store.setPaused(on)],
    ['a hidden tab', (on: boolean) => store.setHidden(on)],
  ])('closes the stream on %s and opens it again afterwards', (_case, set) => {
    const first = current();
    set(true);
    expect(first.closed).toBe(true);
    expect(store.snapshot().status).toBe('paused');
    set(false);
    expect(streams).toHaveLength(2);
  });

  it('stays paused when a hidden tab comes back', () => {
    store.setPaused(true);
    store.setHidden(true);
    store.setHidden(false);
    expect(store.snapshot().status).toBe('paused');
    expect(streams).toHaveLength(1);
  });
});
