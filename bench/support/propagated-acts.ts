import { createApiKey, requireApiKey, revokeApiKeyVersion } from '@/lib/api-keys';
import { registerApi } from '@/lib/apps';
import { blockInstance, liftBlock } from '@/lib/blocks';
import { ACKS_CHANNEL } from '@/lib/changes';
import { newId, type SessionId, type StaffId, systemClock } from '@/lib/core';
import { cutOff } from '@/lib/cut-offs';
import type { Database } from '@/lib/db';
import { attestation, type BenchPhone, enrolPhones, fetchChallenges } from './phones';
import { BENCH_APP, type Stack } from './stack';

/** Acts whose propagation is measured. */
export const PROPAGATED = ['block', 'unblock', 'cut-off', 'API-key revoke'] as const;
export type PropagatedAct = (typeof PROPAGATED)[number];

/** How long it took, in milliseconds from the call of the verb. */
export interface Act {
  readonly kind: PropagatedAct;
  /** Until the verb answered: it is committed. */
  readonly committedMs: number;
  /** Until every node said that it enforces it. */
  readonly ms: number;
}

/** Devices and keys that have one act before them, each. */
export interface Prepared {
  readonly acknowledged: (seq: number) => Promise<void>;
  readonly phones: BenchPhone[];
  readonly keys: { readonly id: string; readonly apiId: string; readonly value: string }[];
}

const ADMIN = {
  kind: 'staff' as const,
  id: newId<StaffId>(Date.now()),
  name: 'Bench',
  email: 'bench@example.com',
  grants: [{ role: 'admin' as const, appId: null }],
  sessionId: newId<SessionId>(Date.now()),
  steppedUpAt: new Date(),
};
const REASON = 'benchmark of propagation';
/** A new version of a key is given to devices once every node knows it. */
const KEYS_SETTLE_MS = 3_500;

/** Enrols a phone and makes a managed API key for each act to come. */
export async function prepareActs(stack: Stack, acts: number): Promise<Prepared> {
  const context = { db: stack.console, actor: ADMIN, clock: systemClock };
  // Before there are keys: each would be delivered to each of them.
  const phones = await enrolPhones(stack, acts);
  const made: { id: string; name: string; apiId: string }[] = [];
  for (let index = 0; index < acts; index++) {
    const apiId = `bench-api-${index}`;
    const api = { id: apiId, name: apiId, appIds: [BENCH_APP.id], mode: 'enforce' as const };
    await registerApi(context, api);
    const name = `key-${index}`;
    const draft = { appId: BENCH_APP.id, name, kind: 'managed' as const, apiIds: [apiId] };
    const { key } = await createApiKey(context, draft);
    await requireApiKey(context, { id: key.id, isRequired: true, reason: REASON });
    made.push({ id: key.id, name, apiId });
  }
  await new Promise((resolve) => setTimeout(resolve, KEYS_SETTLE_MS));
  const values = await valuesOf(stack, phones[0]);
  return {
    acknowledged: await listenForAcks(stack),
    phones,
    keys: made.flatMap(({ name, ...key }) => {
      const value = values.get(name);
      return value === undefined ? [] : [{ ...key, value }];
    }),
  };
}

/** The values of the app's keys by name, as a device is given them. */
async function valuesOf(stack: Stack, phone: BenchPhone | undefined): Promise<ReadonlyMap<string, string>> {
  const [challenge] = await fetchChallenges(stack, 1);
  if (phone === undefined || challenge === undefined) throw new Error('no phone is enrolled');
  const request = attestation(stack, phone, challenge).toString();
  const response = await fetch(`${stack.url}/v1/attestations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: request.slice(request.indexOf('\r\n\r\n') + 4),
  });
  const { apiKeys = [] } = (await response.json()) as { apiKeys?: { id: string; value: string }[] };
  return new Map(apiKeys.map(({ id, value }) => [id, value]));
}

/** Performs so many acts of each kind through a pool, one after the other, and holds every node to each. */
export async function* enforcedActs(
  stack: Stack,
  db: Database,
  { acknowledged, phones, keys }: Prepared,
  count: number,
): AsyncGenerator<Act> {
  const context = { db, actor: ADMIN, clock: systemClock };
  const timed = async (kind: PropagatedAct, act: () => Promise<number>): Promise<Act> => {
    const clicked = performance.now();
    const seq = await act();
    const committedMs = performance.now() - clicked;
    await acknowledged(seq);
    return { kind, committedMs, ms: performance.now() - clicked };
  };
  for (let index = 0; index < count; index++) {
    const [phone, key] = [phones.pop(), keys.pop()];
    if (phone === undefined || key === undefined) throw new Error('too few phones or keys were prepared');
    const { instanceId } = phone;
    const keyed = { apiId: key.apiId, apiKey: key.value };
    await expectEverywhere(stack, phone, 200, keyed);
    let blockId = '';
    yield await timed('block', async () => {
      const block = await blockInstance(context, { instanceId, reason: REASON, durationSeconds: null });
      blockId = block.id;
      return block.seq;
    });
    await expectEverywhere(stack, phone, 403);
    yield await timed(
      'unblock',
      async () => (await liftBlock(context, { id: blockId, reason: REASON })).liftSeq ?? 0,
    );
    await expectEverywhere(stack, phone, 200);
    yield await timed(
      'API-key revoke',
      async () => (await revokeApiKeyVersion(context, { id: key.id, version: 1, reason: REASON })).seq ?? 0,
    );
    await expectEverywhere(stack, phone, 403, keyed);
    yield await timed('cut-off', async () => {
      const target = { scope: 'instance' as const, target: instanceId, notBefore: null };
      return (await cutOff(context, { ...target, reason: REASON })).seq;
    });
    await expectEverywhere(stack, phone, 403);
  }
}

/** Resolves when every node has acknowledged a `seq`. */
async function listenForAcks(stack: Stack): Promise<Prepared['acknowledged']> {
  const reached = new Map<string, number>();
  const waiting = new Set<{ seq: number; done: () => void }>();
  const isReached = (seq: number) => stack.nodeIds.every((node) => (reached.get(node) ?? 0) >= seq);
  await stack.console.sql.listen(ACKS_CHANNEL, (payload) => {
    const { nodeId, seq } = JSON.parse(payload) as { nodeId: string; seq: number };
    reached.set(nodeId, Math.max(seq, reached.get(nodeId) ?? 0));
    for (const one of waiting) {
      if (!isReached(one.seq)) continue;
      waiting.delete(one);
      one.done();
    }
  });
  return (seq) =>
    isReached(seq) ? Promise.resolve() : new Promise((done) => void waiting.add({ seq, done }));
}

/** Asks until each node has answered once; every one of them must give `status`. */
async function expectEverywhere(
  stack: Stack,
  phone: BenchPhone,
  status: number,
  { apiId, apiKey }: { apiId: string; apiKey?: string } = { apiId: BENCH_APP.apiId },
): Promise<void> {
  const heard = new Set<string>();
  for (let attempt = 0; heard.size < stack.nodeIds.length; attempt++) {
    if (attempt > 200) throw new Error('a node did not answer');
    // A connection of its own each time: the primary hands connections to the workers in turn.
    const response = await fetch(`${stack.url}/v1/authorize?api=${apiId}`, {
      headers: {
        'attestation-token': phone.token,
        ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
        connection: 'close',
      },
    });
    await response.arrayBuffer();
    if (response.status !== status) {
      const code = response.headers.get('x-attestation-code');
      throw new Error(`answered ${response.status} (${code}) instead of ${status}`);
    }
    heard.add(response.headers.get('x-countersign-node') ?? '');
  }
}
