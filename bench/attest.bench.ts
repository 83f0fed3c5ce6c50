import { runLoad } from './support/load';
import { attestation, type BenchPhone, enrolPhones, fetchChallenges } from './support/phones';
import { serveRawIfForked, startRawAttester } from './support/raw-attester';
import { type BenchContext, median, printReport, quantile } from './support/report';
import { type Stack, startStack } from './support/stack';

const WORKERS = 2;
const PHONES = 2_000;
const ROUNDS = 3;
const PER_ROUND = 15_000;
const CONNECTIONS = 96;
const LIMIT_SECONDS = 5;

await serveRawIfForked();

/**
 * Attestations through the whole service (assertion verified, event committed, token signed) beside what its raw
 * parts allow together, in as many processes and between the rounds: bare HTTP with the same bytes, one verification, one
 * signature, and batched inserts of an event and its challenge.
 */
export default async function bench(context: BenchContext): Promise<void> {
  const stack = await startStack(context.root, WORKERS);
  try {
    const phones = await enrolPhones(stack, PHONES);
    await round(stack, phones, 3_000);
    const rounds = [];
    const limits = [];
    for (let index = 0; index < ROUNDS; index++) {
      rounds.push(await round(stack, phones, PER_ROUND));
      limits.push(await rawRate(stack, phones, rounds[0]?.answer ?? ''));
    }
    const ours = median(rounds.map((one) => one.rate));
    const allowed = median(limits);
    const lost = await missingEvents(
      stack,
      rounds.flatMap((one) => one.tokenIds),
    );
    const p99 = median(rounds.map((one) => one.p99));
    printReport(
      'attest',
      [
        {
          name: 'attestations',
          ours,
          limit: allowed,
          unit: '1/s',
          bar: 'ratio >= 0.5',
          holds: ours / allowed >= 0.5,
        },
        {
          name: 'attestations, absolute',
          ours,
          limit: null,
          unit: '1/s',
          bar: '>= 3000',
          holds: ours >= 3000,
        },
        { name: 'latency p99', ours: p99, limit: null, unit: 'ms', bar: '<= 50', holds: p99 <= 50 },
        {
          name: 'acknowledged but not stored',
          ours: lost,
          limit: null,
          unit: 'events',
          bar: '0',
          holds: lost === 0,
        },
      ],
      context,
      [`Both with ${WORKERS} processes and ${CONNECTIONS} connections.`],
    );
  } finally {
    await stack.close();
  }
}

interface Round {
  rate: number;
  p99: number;
  answer: string;
  tokenIds: string[];
}

async function round(stack: Stack, phones: readonly BenchPhone[], count: number): Promise<Round> {
  const challenges = await fetchChallenges(stack, count);
  const requests = challenges.map((challenge, index) => {
    const phone = phones[index % phones.length];
    if (!phone) throw new Error('no phone is enrolled');
    return attestation(stack, phone, challenge);
  });
  let index = 0;
  const tokenIds: string[] = [];
  const result = await runLoad({
    port: stack.port,
    connections: CONNECTIONS,
    seconds: 50,
    next: () => requests[index++],
    onAnswer: (text) => {
      const token = /"token":"[^.]+\.([^.]+)\./.exec(text)?.[1];
      if (token) tokenIds.push(JSON.parse(Buffer.from(token, 'base64url').toString()).jti);
    },
  });
  if (result.statuses.get(200) !== result.answers) {
    throw new Error(`answers other than 200: ${JSON.stringify([...result.statuses])}\n${result.firstAnswer}`);
  }
  return {
    rate: result.requestsPerSecond,
    p99: quantile([...result.latencies], 0.99),
    answer: result.firstAnswer,
    tokenIds,
  };
}

/** How many of the tokens that were answered have no event. */
async function missingEvents(stack: Stack, tokenIds: readonly string[]): Promise<number> {
  const [row] = await stack.service.sql<{ stored: number }[]>`
    select count(*)::int as stored from attestation_events where detail->>'tokenId' = any(${[...tokenIds]})`;
  return tokenIds.length - (row?.stored ?? 0);
}

/** Attestations per second of processes that do the raw parts alone. */
async function rawRate(stack: Stack, phones: readonly BenchPhone[], answer: string): Promise<number> {
  const phone = phones[0];
  if (!phone) throw new Error('no phone is enrolled');
  const request = attestation(stack, phone, 'x'.repeat(120));
  const bytes = Buffer.byteLength(answer.slice(answer.indexOf('\r\n\r\n') + 4));
  const attesters = await Promise.all(
    Array.from({ length: WORKERS }, () => startRawAttester(stack.serviceUrl, bytes)),
  );
  try {
    const runs = await Promise.all(
      attesters.map(({ port }) =>
        runLoad({
          port,
          connections: CONNECTIONS / WORKERS,
          seconds: LIMIT_SECONDS,
          next: () => request,
        }),
      ),
    );
    return runs.reduce((sum, run) => sum + run.requestsPerSecond, 0);
  } finally {
    for (const attester of attesters) attester.stop();
  }
}
