import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { followLive } from './live-invalidation';
import { type EventStream, LiveStore } from './live-store';

const listeners = new Map<string, (event: Event) => void>();
const stream: EventStream = {
  readyState: 1,
  addEventListener: (type, listener) => listeners.set(type, listener),
  close: () => {},
};
const send = (topic: string, data: unknown) =>
  listeners.get(topic)?.(Object.assign(new Event(topic), { data: JSON.stringify(data) }));

let client: QueryClient;
let ends: (() => void)[];

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  const store = new LiveStore(() => stream);
  ends = [store.start(), followLive(store, client)];
});
afterEach(() => {
  for (const end of ends) end();
  vi.useRealTimers();
});

it('refetches what a burst of attestations changed once, however many there were', () => {
  const invalidate = vi.spyOn(client, 'invalidateQueries');
  for (let i = 0; i < 500; i++) send('attestations', { serverTime: '', counts: [], rows: [] });
  vi.advanceTimersByTime(700);
  expect(invalidate.mock.calls.map(([filter]) => filter?.queryKey)).toEqual([['overview'], ['attestations']]);
});

it('refetches within a tenth of a second what happens after a quiet while, and then again after a moment', () => {
  const invalidate = vi.spyOn(client, 'invalidateQueries');
  send('audit', { id: 1 });
  vi.advanceTimersByTime(100);
  const atOnce = invalidate.mock.calls.length;
  expect(atOnce).toBeGreaterThan(0);
  send('audit', { id: 2 });
  vi.advanceTimersByTime(600);
  expect(invalidate.mock.calls.length).toBe(atOnce);
  vi.advanceTimersByTime(300);
  expect(invalidate.mock.calls.length).toBe(2 * atOnce);
});

it('reloads everything where the stream could not be resumed', () => {
  const invalidate = vi.spyOn(client, 'invalidateQueries');
  send('hello', { serverTime: '', resumed: true });
  expect(invalidate).not.toHaveBeenCalled();
  send('hello', { serverTime: '', resumed: false });
  expect(invalidate).toHaveBeenCalledWith();
});

it('puts nodes and propagation into the cache without asking for them', () => {
  send('nodes', { headSeq: 7, nodes: [], lastPropagationMs: 84 });
  send('propagation', { seq: 7, enforced: true });
  expect(client.getQueryData(['nodes'])).toMatchObject({ headSeq: 7 });
  expect(client.getQueryData(['propagation', 7])).toMatchObject({ enforced: true });
});
