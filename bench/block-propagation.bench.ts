import { httpRequest, runLoad } from './support/load';
import { enrolPhones } from './support/phones';
import {
  type Act,
  enforcedActs,
  PROPAGATED,
  type PropagatedAct,
  prepareActs,
} from './support/propagated-acts';
import { type BenchContext, type BenchRow, printReport, quantile } from './support/report';
import { BENCH_APP, type Stack, startStack } from './support/stack';

const WORKERS = 4;
const LOAD_PER_SECOND = 1_000;
/** Acts of each kind, with the wake-up and without: those wait for the poll, up to a second each. */
const ACTS = { woken: 200, silent: 10 } as const;
/** Acts of each kind that come first and are not counted: plans, connections and compiled code are made by them. */
const WARM_UP = 10;
const BARS = { woken: 50, silent: 2_000 } as const;
type Wake = keyof typeof ACTS;

/**
 * Blocks, unblocks, cuts off and revokes API keys under load, with the wake-up and without, and measures from the call of
 * the verb (what a click calls) until every node has said that it enforces it. Then a request to each has to be answered
 * accordingly.
 */
export default async function bench(context: BenchContext): Promise<void> {
  const stack = await startStack(context.root, WORKERS);
  try {
    const [loadPhone] = await enrolPhones(stack, 1);
    const prepared = await prepareActs(stack, WARM_UP + ACTS.woken + ACTS.silent);
    const silent = await stack.silentConsole();
    const load = steadyLoad(stack, loadPhone?.token ?? '');
    const taken: { wake: Wake; act: Act }[] = [];
    const commits: number[] = [];
    try {
      for await (const _ of enforcedActs(stack, stack.console, prepared, WARM_UP));
      for (const [wake, console] of [
        ['woken', stack.console],
        ['silent', silent],
      ] as const) {
        for await (const act of enforcedActs(stack, console, prepared, ACTS[wake])) {
          taken.push({ wake, act });
          if (act.kind === 'cut-off') commits.push(await bareCommit(stack));
        }
      }
    } finally {
      await load.stop();
      await silent.close();
    }
    const rate = await load.stop();
    const rows = (Object.keys(ACTS) as Wake[]).flatMap((wake) =>
      PROPAGATED.flatMap((kind) => rowsOf(wake, kind, taken)),
    );
    printReport('block-propagation', rows, context, [
      `${WORKERS} nodes, ${Math.round(rate)} authorize/s meanwhile; ${ACTS.woken} acts of each kind with the wake-up,`,
      `${ACTS.silent} without, whose p99 is the slowest of them; ${WARM_UP} of each came before and are not counted.`,
      ...PROPAGATED.map((kind) => `${kind}, until the verb answered: ${spread(committedOf(kind, taken))}.`),
      `A bare commit under the same load, which waits for the disk: ${spread(commits)}.`,
    ]);
  } finally {
    await stack.close();
  }
}

function rowsOf(wake: Wake, kind: PropagatedAct, taken: readonly { wake: Wake; act: Act }[]): BenchRow[] {
  const times = taken.flatMap(({ wake: own, act }) => (own === wake && act.kind === kind ? act.ms : []));
  return [0.5, 0.95, 0.99].map((share) => {
    const ours = quantile(times, share);
    const bar = BARS[wake];
    const isBar = share === 0.99;
    return {
      name: `${kind}${wake === 'silent' ? ', no wake-up' : ''}, p${share * 100}`,
      ours,
      limit: null,
      unit: 'ms',
      bar: isBar ? `<= ${bar}` : '',
      holds: !isBar || ours <= bar,
    };
  });
}

/** How long one record takes to the disk, with nothing else done: what every act waits for once, at least. */
async function bareCommit({ console: db }: Stack): Promise<number> {
  const began = performance.now();
  await db.sql`select pg_logical_emit_message(true, 'bench', 'commit')`;
  return performance.now() - began;
}

function committedOf(kind: PropagatedAct, taken: readonly { wake: Wake; act: Act }[]): number[] {
  return taken.flatMap(({ wake, act }) => (wake === 'woken' && act.kind === kind ? act.committedMs : []));
}

const spread = (times: readonly number[]) =>
  `p50 ${quantile(times, 0.5).toFixed(1)}, p95 ${quantile(times, 0.95).toFixed(1)}, p99 ${quantile(times, 0.99).toFixed(1)} ms`;

/** About `LOAD_PER_SECOND` authorize requests a second from now until stopped; answers the rate that was reached. */
function steadyLoad(stack: Stack, token: string): { stop(): Promise<number> } {
  const request = httpRequest('GET', `/v1/authorize?api=${BENCH_APP.apiId}`, { 'attestation-token': token });
  let isStopped = false;
  const connections = 8;
  const perBurst = LOAD_PER_SECOND / 50;
  const started = performance.now();
  let answers = 0;
  let endedAt = started;
  const running = (async () => {
    while (!isStopped && performance.now() - started < 240_000) {
      const due = performance.now() + 20;
      let sent = 0;
      const burst = await runLoad({
        port: stack.port,
        connections,
        seconds: 1,
        next: () => (sent++ < perBurst ? request : undefined),
      });
      answers += burst.answers;
      endedAt = performance.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    }
  })();
  return {
    stop: async () => {
      isStopped = true;
      await running;
      return answers / ((endedAt - started) / 1000);
    },
  };
}
