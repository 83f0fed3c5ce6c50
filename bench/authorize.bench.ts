import { type BareServer, serveIfForked, startBareServer } from './support/bare-server';
import { httpRequest, type LoadResult, runLoad } from './support/load';
import { attestation, type BenchPhone, enrolPhones, fetchChallenges } from './support/phones';
import { type BenchContext, type BenchRow, median, printReport } from './support/report';
import { BENCH_APP, type Stack, startStack } from './support/stack';

const ROUNDS = 5;
const SECONDS = 2;
const CONNECTIONS = 32;
const BAR = 0.75;

/** Requests per second as a client sees them, and per second of the server's own CPU. */
interface Measured {
  wall: number;
  cpu: number;
}

await serveIfForked();

/** Forward auth beside a bare `node:http` server that gives the same answer, in turns, one process each. */
export default async function bench(context: BenchContext): Promise<void> {
  const stack = await startStack(context.root, 1);
  try {
    const phones = await enrolPhones(stack, 16);
    const seen = phones.map((phone) => question(phone.token));
    const first = await ask(stack.port, seen, 0.5);
    const bare = await startBareServer(first.firstAnswer);
    try {
      const rows = [...(await warm(stack, bare, seen)), ...(await cold(stack, first.firstAnswer, phones))];
      printReport('authorize', rows, context, [
        'Bare node:http answers the same bytes. "per server CPU" is free of the load generator, which shares the machine.',
      ]);
    } finally {
      bare.stop();
    }
  } finally {
    await stack.close();
  }
}

const question = (token: string) =>
  httpRequest('GET', `/v1/authorize?api=${BENCH_APP.apiId}`, { 'attestation-token': token });

async function ask(port: number, requests: readonly Buffer[], seconds: number): Promise<LoadResult> {
  let index = 0;
  const result = await runLoad({
    port,
    connections: CONNECTIONS,
    seconds,
    next: () => requests[index++ % requests.length],
  });
  if (result.statuses.size !== 1 || !result.statuses.has(200)) {
    throw new Error(`answers other than 200: ${JSON.stringify([...result.statuses])}\n${result.firstAnswer}`);
  }
  return result;
}

async function measured(
  cpuSeconds: () => Promise<number>,
  load: () => Promise<LoadResult>,
): Promise<Measured> {
  const before = await cpuSeconds();
  const result = await load();
  const used = (await cpuSeconds()) - before;
  return { wall: result.requestsPerSecond, cpu: result.answers / used };
}

const medians = (all: readonly Measured[]): Measured => ({
  wall: median(all.map((one) => one.wall)),
  cpu: median(all.map((one) => one.cpu)),
});

async function warm(stack: Stack, bare: BareServer, requests: readonly Buffer[]): Promise<BenchRow[]> {
  const ours: Measured[] = [];
  const limit: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    limit.push(await measured(bare.cpuSeconds, () => ask(bare.port, requests, SECONDS)));
    ours.push(await measured(stack.serviceCpuSeconds, () => ask(stack.port, requests, SECONDS)));
  }
  return rowsOf('token seen before', medians(ours), medians(limit));
}

/**
 * Every token is used once: the limit is a bare server that verifies one signature per request. Both in one process,
 * because a verification between two requests costs more than one in a loop: each drives the other from the caches.
 */
async function cold(stack: Stack, answer: string, phones: readonly BenchPhone[]): Promise<BenchRow[]> {
  const tokens = await freshTokens(stack, phones, 30_000);
  const perRound = Math.floor(tokens.length / ROUNDS);
  const bare = await startBareServer(answer, {
    token: tokens[0] ?? '',
    jwk: await signingKey(stack, tokens[0] ?? ''),
  });
  const ours: Measured[] = [];
  const limit: Measured[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const requests = tokens.slice(round * perRound, (round + 1) * perRound).map(question);
      for (const [server, into] of [
        [{ port: bare.port, cpuSeconds: bare.cpuSeconds }, limit],
        [{ port: stack.port, cpuSeconds: stack.serviceCpuSeconds }, ours],
      ] as const) {
        let index = 0;
        const next = () => requests[index++];
        const load = { port: server.port, connections: CONNECTIONS, seconds: 30, next };
        into.push(await measured(server.cpuSeconds, () => runLoad(load)));
      }
    }
  } finally {
    bare.stop();
  }
  return rowsOf('every token new', medians(ours), medians(limit));
}

function rowsOf(name: string, ours: Measured, limit: Measured): BenchRow[] {
  const row = (label: string, a: number, b: number): BenchRow => ({
    name: `${name}, ${label}`,
    ours: a,
    limit: b,
    unit: 'requests/s',
    bar: `ratio >= ${BAR}`,
    holds: a / b >= BAR,
  });
  return [row('wall', ours.wall, limit.wall), row('per server CPU', ours.cpu, limit.cpu)];
}

async function freshTokens(stack: Stack, phones: readonly BenchPhone[], count: number): Promise<string[]> {
  const challenges = await fetchChallenges(stack, count);
  const tokens: string[] = [];
  let index = 0;
  await runLoad({
    port: stack.port,
    connections: 64,
    seconds: 45,
    next: () => {
      const challenge = challenges[index];
      const phone = phones[index++ % phones.length];
      return challenge && phone ? attestation(stack, phone, challenge) : undefined;
    },
    onAnswer: (text) => {
      if (text.startsWith('HTTP/1.1 200'))
        tokens.push(JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)).token);
    },
  });
  return tokens;
}

/** The published key that signed a token: the one that follows it is published as well. */
async function signingKey(stack: Stack, token: string): Promise<Record<string, string>> {
  const answer = await fetch(`${stack.url}/.well-known/jwks.json`);
  const { keys } = (await answer.json()) as { keys: Record<string, string>[] };
  const { kid } = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as {
    kid: string;
  };
  const key = keys.find((one) => one.kid === kid);
  if (!key) throw new Error('The service has no signing key.');
  return key;
}
