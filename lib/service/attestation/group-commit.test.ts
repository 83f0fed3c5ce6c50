import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PendingAttestation, SettledAttestation } from '@/lib/telemetry';
import { GroupCommit } from './group-commit';

/** An attestation that only has a name; what it settles to is its name again. */
const pending = (name: string) => ({ name }) as unknown as PendingAttestation;
const settledAs = (batch: readonly PendingAttestation[]) => batch as unknown as SettledAttestation[];

/** A database that commits when the test says so. */
function controlled() {
  const batches: { names: string[]; commit(): void; fail(error: Error): void }[] = [];
  const commits = new GroupCommit(
    (batch) =>
      new Promise((resolve, reject) => {
        const names = batch.map((member) => (member as unknown as { name: string }).name);
        batches.push({ names, commit: () => resolve(settledAs(batch)), fail: reject });
      }),
    () => undefined,
    () => Date.now(),
  );
  return { commits, batches };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const turn = () => vi.advanceTimersByTimeAsync(10);

describe('a group commit', () => {
  test('takes what arrives together into one transaction, and what arrives meanwhile into the next', async () => {
    const { commits, batches } = controlled();
    const first = [commits.submit(pending('a')), commits.submit(pending('b'))];
    await turn();
    const second = [commits.submit(pending('c')), commits.submit(pending('d'))];
    await turn();
    expect(batches.map(({ names }) => names)).toEqual([['a', 'b']]);
    batches[0]?.commit();
    expect(await Promise.all(first)).toEqual([{ name: 'a' }, { name: 'b' }]);
    await turn();
    expect(batches[1]?.names).toEqual(['c', 'd']);
    batches[1]?.commit();
    expect(await Promise.all(second)).toEqual([{ name: 'c' }, { name: 'd' }]);
  });

  test('does not wait for the transaction before where enough waits for another, and for two at most', async () => {
    const { commits, batches } = controlled();
    const submit = (count: number) =>
      Array.from({ length: count }, (_, n) => commits.submit(pending(`${n}`)));
    const all = submit(1);
    await turn();
    all.push(...submit(63));
    await turn();
    expect(batches.map(({ names }) => names.length)).toEqual([1]);
    all.push(...submit(1));
    await turn();
    all.push(...submit(200));
    await turn();
    expect(batches.map(({ names }) => names.length)).toEqual([1, 64]);
    expect(commits.depth).toBe(200);
    batches[1]?.commit();
    await turn();
    expect(batches.map(({ names }) => names.length)).toEqual([1, 64, 200]);
    all.push(...submit(3));
    batches[2]?.commit();
    await turn();
    // The first one is still under way, and three are not enough to go beside it.
    expect(batches).toHaveLength(3);
    batches[0]?.commit();
    await turn();
    expect(batches.map(({ names }) => names.length)).toEqual([1, 64, 200, 3]);
    batches[3]?.commit();
    expect(await Promise.all(all)).toHaveLength(268);
    await turn();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('refuses every member of a transaction that failed, and goes on', async () => {
    const { commits, batches } = controlled();
    const lost = [commits.submit(pending('a')), commits.submit(pending('b'))].map((promise) =>
      promise.catch((error: unknown) => error),
    );
    await turn();
    batches[0]?.fail(new Error('disk full'));
    for (const error of await Promise.all(lost)) expect(error).toMatchObject({ code: 'service_unavailable' });
    const next = commits.submit(pending('c'));
    await turn();
    batches[1]?.commit();
    expect(await next).toEqual({ name: 'c' });
  });

  test('refuses after two seconds who is in a transaction that hangs, and who waits behind it', async () => {
    const { commits, batches } = controlled();
    const waiting = [commits.submit(pending('a')).catch((error: unknown) => error)];
    await turn();
    waiting.push(commits.submit(pending('b')).catch((error: unknown) => error));
    await vi.advanceTimersByTimeAsync(2_200);
    for (const error of await Promise.all(waiting))
      expect(error).toMatchObject({ code: 'service_unavailable' });
    expect(commits.depth).toBe(0);
    // It commits after all: its members were refused and stay so, and the next ones are served.
    batches[0]?.commit();
    const next = commits.submit(pending('c'));
    await turn();
    batches[1]?.commit();
    expect(await next).toEqual({ name: 'c' });
  });

  test('holds at most 5000 that wait, and at most 1024 in one transaction', async () => {
    const { commits, batches } = controlled();
    const first = commits.submit(pending('first'));
    await turn();
    const waiting = Array.from({ length: 5_000 }, (_, index) => commits.submit(pending(String(index))));
    await expect(commits.submit(pending('one too many'))).rejects.toMatchObject({
      code: 'service_unavailable',
    });
    batches[0]?.commit();
    await first;
    for (let index = 1; index <= Math.ceil(5_000 / 1_024); index++) {
      await turn();
      expect(batches[index]?.names.length).toBeLessThanOrEqual(1_024);
      batches[index]?.commit();
    }
    expect(await Promise.all(waiting)).toHaveLength(5_000);
  });

  test('runs one transaction at a time, and watches over it, when enough arrive while it waits for company', async () => {
    const { commits, batches } = controlled();
    const answers: unknown[] = [];
    const submit = (name: string) =>
      void commits.submit(pending(name)).then(
        () => answers.push('committed'),
        (error: { code: string }) => answers.push(error.code),
      );
    for (const name of ['a', 'b']) submit(name);
    await turn();
    for (const name of ['c', 'd']) submit(name);
    batches[0]?.commit();
    await vi.advanceTimersByTimeAsync(0);
    // Two wait for company, and more than enough come at once.
    for (let index = 0; index < 70; index++) submit(`e${index}`);
    await turn();
    expect(batches).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(2_200);
    expect(answers.filter((answer) => answer === 'service_unavailable')).toHaveLength(72);
  });
});
