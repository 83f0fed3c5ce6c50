import { blockInstance, liftBlock } from '@/lib/blocks';
import { ACKS_CHANNEL } from '@/lib/changes';
import { newId, type SessionId, type StaffId, systemClock } from '@/lib/core';
import { cutOff } from '@/lib/cut-offs';
import { httpRequest, runLoad } from './support/load';
import { type BenchPhone, enrolPhones } from './support/phones';
import { type BenchContext, type BenchRow, printReport, quantile } from './support/report';
import { BENCH_APP, type Stack, startStack } from './support/stack';

const WORKERS = 2;
const ACTS = 150;
const LOST_WAKE_UPS = 8;
const LOAD_PER_SECOND = 1_000;
const RESPONDER = {
  kind: 'staff' as const,
  id: newId<StaffId>(Date.now()),
  name: 'Bench',
  email: 'bench@example.com',
  grants: [{ role: 'responder' as const, appId: null }],
  sessionId: newId<SessionId>(Date.now()),
  steppedUpAt: null,
};

/** How long it took from the click until every node enforced it, in milliseconds. */
interface Act {
  block: number;
  unblock: number;
}

/** Devices that are blocked and unblocked by turns; the first one makes the load. */
const BLOCKED_PHONES = 32;

/**
 * Blocks and unblocks devices, and cuts their tokens off, under load, and measures from the call of the verb (what a click calls) until every
 * node has said that it enforces it and a request to each has indeed been refused, or let through again.
 */
export default async function bench(context: BenchContext): Promise<void> {
  const stack = await startStack(context.root, WORKERS);
  try {
    const enrolled = await enrolPhones(stack, BLOCKED_PHONES + ACTS);
    const phones = enrolled.slice(0, BLOCKED_PHONES);
    const acknowledgements = await listenForAcks(stack);
    const load = steadyLoad(stack, phones[0]);
    const acts: Act[] = [];
    const cuts: number[] = [];
    const lost: number[] = [];
    try {
      for (let index = 0; index < ACTS; index++) acts.push(await act(stack, phones, index, acknowledgements));
      for (const phone of enrolled.slice(BLOCKED_PHONES))
        cuts.push(await cut(stack, phone, acknowledgements));
      for (let index = 0; index < LOST_WAKE_UPS; index++) {
        lost.push(await actWithoutWakeUp(stack, acknowledgements));
      }
    } finally {
      await load.stop();
    }
    const rate = await load.stop();
    printReport(
      'block-propagation',
      [
        row(
          'block, p99',
          quantile(
            acts.map((one) => one.block),
            0.99,
          ),
          50,
        ),
        row(
          'unblock, p99',
          quantile(
            acts.map((one) => one.unblock),
            0.99,
          ),
          50,
        ),
        row(
          'block, p50',
          quantile(
            acts.map((one) => one.block),
            0.5,
          ),
          50,
        ),
        row('cut-off, p99', quantile(cuts, 0.99), 50),
        row('cut-off, p50', quantile(cuts, 0.5), 50),
        row('wake-up lost, slowest', Math.max(...lost), 2_000),
      ],
      context,
      [`${WORKERS} nodes, ${ACTS} acts, ${Math.round(rate)} authorize/s meanwhile.`],
    );
  } finally {
    await stack.close();
  }
}

const row = (name: string, ours: number, bar: number): BenchRow => ({
  name,
  ours,
  limit: null,
  unit: 'ms',
  bar: `<= ${bar}`,
  holds: ours <= bar,
});

type Acknowledgements = (seq: number) => Promise<void>;

/** Resolves when every node has acknowledged a `seq`. */
async function listenForAcks(stack: Stack): Promise<Acknowledgements> {
  const reached = new Map<string, number>();
  const waiting = new Set<{ seq: number; done: () => void }>();
  await stack.console.sql.listen(ACKS_CHANNEL, (payload) => {
    const { nodeId, seq } = JSON.parse(payload) as { nodeId: string; seq: number };
    reached.set(nodeId, seq);
    for (const one of waiting) {
      if (!stack.nodeIds.every((node) => (reached.get(node) ?? 0) >= one.seq)) continue;
      waiting.delete(one);
      one.done();
    }
  });
  return (seq) =>
    stack.nodeIds.every((node) => (reached.get(node) ?? 0) >= seq)
      ? Promise.resolve()
      : new Promise((done) => waiting.add({ seq, done }));
}

async function act(
  stack: Stack,
  phones: readonly BenchPhone[],
  index: number,
  acknowledged: Acknowledgements,
): Promise<Act> {
  const phone = phones[1 + (index % (phones.length - 1))];
  if (!phone) throw new Error('no phone is enrolled');
  const context = { db: stack.console, actor: RESPONDER, clock: systemClock };
  const clicked = performance.now();
  const block = await blockInstance(context, {
    instanceId: phone.instanceId,
    reason: 'benchmark of propagation',
    durationSeconds: null,
  });
  await acknowledged(block.seq);
  const blocked = performance.now() - clicked;
  await expectEverywhere(stack, phone, 403);
  const lifted = performance.now();
  const after = await liftBlock(context, { id: block.id, reason: 'benchmark of propagation' });
  await acknowledged(after.liftSeq ?? 0);
  const unblocked = performance.now() - lifted;
  await expectEverywhere(stack, phone, 200);
  return { block: blocked, unblock: unblocked };
}

/** Cuts off the token of a phone that has one; once for each phone, because a token that is cut off stays so. */
async function cut(stack: Stack, phone: BenchPhone, acknowledged: Acknowledgements): Promise<number> {
  const clicked = performance.now();
  const { seq } = await cutOff(
    { db: stack.console, actor: RESPONDER, clock: systemClock },
    { scope: 'instance', target: phone.instanceId, notBefore: null, reason: 'benchmark of propagation' },
  );
  await acknowledged(seq);
  const enforced = performance.now() - clicked;
  await expectEverywhere(stack, phone, 403);
  return enforced;
}

/** Asks until each node has answered once; every one of them must give `status`. */
async function expectEverywhere(stack: Stack, phone: BenchPhone, status: number): Promise<void> {
  const heard = new Set<string>();
  for (let attempt = 0; heard.size < stack.nodeIds.length; attempt++) {
    if (attempt > 100) throw new Error('a node did not answer');
    // A connection of its own each time: the primary hands connections to the workers in turn.
    const response = await fetch(`${stack.url}/v1/authorize?api=${BENCH_APP.apiId}`, {
      headers: { 'attestation-token': phone.token, connection: 'close' },
    });
    await response.arrayBuffer();
    if (response.status !== status) throw new Error(`answered ${response.status} instead of ${status}`);
    heard.add(response.headers.get('x-countersign-node') ?? '');
  }
}

/** The same change without NOTIFY, as if the wake-up had been lost: only the poll can find it. */
async function actWithoutWakeUp(stack: Stack, acknowledged: Acknowledgements): Promise<number> {
  const clicked = performance.now();
  const seq = await stack.console.sql.begin(async (sql) => {
    const [next] = await sql<{ seq: string; epoch: string }[]>`
      update change_feed set seq = seq + 1 where id = 1 returning seq, epoch`;
    if (!next) throw new Error('the feed has no counter');
    const payload = { id: 'lost-wake-up', name: 'Lost wake-up', appIds: [], mode: 'observe' };
    await sql`insert into change_log (seq, epoch, topic, payload, committed_at)
      values (${next.seq}, ${next.epoch}, 'api', ${JSON.stringify(payload)}::jsonb, clock_timestamp())`;
    return Number(next.seq);
  });
  await acknowledged(seq);
  return performance.now() - clicked;
}

/** About `LOAD_PER_SECOND` authorize requests a second from now until stopped; answers the rate that was reached. */
function steadyLoad(stack: Stack, phone: BenchPhone | undefined): { stop(): Promise<number> } {
  const request = httpRequest('GET', `/v1/authorize?api=${BENCH_APP.apiId}`, {
    'attestation-token': phone?.token ?? '',
  });
  let isStopped = false;
  const connections = 8;
  const perBurst = LOAD_PER_SECOND / 50;
  const started = performance.now();
  let answers = 0;
  const running = (async () => {
    while (!isStopped && performance.now() - started < 120_000) {
      const due = performance.now() + 20;
      let sent = 0;
      const burst = await runLoad({
        port: stack.port,
        connections,
        seconds: 1,
        next: () => (sent++ < perBurst ? request : undefined),
      });
      answers += burst.answers;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    }
  })();
  return {
    stop: async () => {
      isStopped = true;
      await running;
      return answers / ((performance.now() - started) / 1000);
    },
  };
}
