import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BlockList } from '@/lib/block-list';
import { RevocationFeed } from './revocations';
import { applyChange } from './snapshot/apply';
import { buildSnapshot, type Snapshot } from './snapshot/state';

const load = (epoch: string, seq: number) =>
  buildSnapshot({
    epoch,
    seq,
    apps: [],
    apis: [],
    blocks: new BlockList(),
    signingKeys: [],
    cutOffs: [],
    apiKeys: [],
    relyingParties: [],
    statusList: { digest: null, fetchedAtMs: null, maxAgeSeconds: 0, list: null },
  });
let snapshot: Snapshot;
let feed: RevocationFeed;
beforeEach(() => {
  vi.useFakeTimers();
  snapshot = load('a', 3);
  feed = new RevocationFeed(() => snapshot);
});
afterEach(() => vi.useRealTimers());

function cutOff(notBeforeSeconds: number): void {
  const payload = { id: 'c', scope: 'app', target: 'bank', notBeforeSeconds } as const;
  applyChange(snapshot, { seq: snapshot.seq + 1, topic: 'cut_off', payload });
  feed.changed();
}
const at = (after: number, epoch = 'a') => ({ epoch, after });

describe('the revocation feed', () => {
  test('gives a reader that names no position the whole list at once', async () => {
    cutOff(100);
    expect(await feed.read(null, 10_000)).toEqual({
      epoch: 'a',
      seq: 4,
      cutOffs: [{ scope: 'app', target: 'bank', notBeforeSeconds: 100 }],
      revokedKeys: [],
    });
  });

  test('lets a reader wait for what comes after its position, and tells it then', async () => {
    const waits = feed.read(at(3), 10_000);
    cutOff(100);
    expect(await waits).toMatchObject({ seq: 4, cutOffs: [{ notBeforeSeconds: 100 }] });
    expect(await feed.read(at(3), 10_000)).toMatchObject({ seq: 4 });
  });

  test('says that there is nothing new when the time is over, and after changes of other kinds', async () => {
    const waits = feed.read(at(3), 10_000);
    const api = { id: 'api', name: 'API', appIds: [], mode: 'observe' } as const;
    applyChange(snapshot, { seq: 4, topic: 'api', payload: { ...api, appIds: [] } });
    vi.advanceTimersByTime(10_000);
    expect(await waits).toBeNull();
    expect(await feed.read(at(3), 0)).toBeNull();
  });

  test('gives the whole list anew under another epoch', async () => {
    expect(await feed.read(at(9, 'b'), 10_000)).toMatchObject({ epoch: 'a', seq: 3 });
    const waits = feed.read(at(3), 10_000);
    snapshot = load('b', 1);
    feed.changed();
    expect(await waits).toMatchObject({ epoch: 'b', seq: 1 });
  });

  test('gives a reader that is ahead what there is only once it has waited', async () => {
    const waits = feed.read(at(9), 10_000);
    cutOff(100);
    vi.advanceTimersByTime(9_999);
    vi.advanceTimersByTime(1);
    expect(await waits).toMatchObject({ seq: 4 });
  });

  test('lets everyone go when the node ends, and nobody wait who comes then', async () => {
    const waits = feed.read(at(3), 10_000);
    feed.end();
    expect(await waits).toBeNull();
    expect(await feed.read(at(3), 10_000)).toBeNull();
  });

  test('lets no more than two thousand wait', async () => {
    const waiting = Array.from({ length: 2_000 }, () => feed.read(at(3), 10_000));
    expect(await feed.read(at(3), 10_000)).toBeNull();
    cutOff(100);
    expect(new Set((await Promise.all(waiting)).map((news) => news?.seq))).toEqual(new Set([4]));
  });
});
