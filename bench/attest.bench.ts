import { createPublicKey, randomUUID, sign, verify } from 'node:crypto';
import { type BareServer, serveIfForked, startBareServer } from './support/bare-server';
import { runLoad } from './support/load';
import { attestation, type BenchPhone, clientData, enrolPhones, fetchChallenges } from './support/phones';
import { measureRate } from './support/rate';
import { type BenchContext, median, printReport, quantile } from './support/report';
import { type Stack, startStack } from './support/stack';

const WORKERS = 2;
const PHONES = 2_000;
const ROUNDS = 1;
const PER_ROUND = 15_000;
const CONNECTIONS = 96;
const ROWS_PER_INSERT = 100;

await serveIfForked();

/**
 * Attestations through the whole service (assertion verified, event committed, token signed) beside what its raw
 * parts allow together, measured in the same run: bare HTTP with the same bytes, one verification, one signature, and
 * batched inserts of the same rows into the same table.
 */
export default async function bench(context: BenchContext): Promise<void> {
  const stack = await startStack(context.root, WORKERS);
  try {
    const phones = await enrolPhones(stack, PHONES);
    await round(stack, phones, 3_000);
    const rounds = [];
    for (let index = 0; index < ROUNDS; index++) rounds.push(await round(stack, phones, PER_ROUND));
    const ours = median(rounds.map((one) => one.rate));
    const parts = await rawParts(stack, phones, rounds[0]?.answer ?? '');
    const allowed = 1 / Object.values(parts).reduce((sum, rate) => sum + 1 / rate, 0);
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
      [`Raw parts on the same ${WORKERS} cores: ${inWords(parts)}`],
    );
  } finally {
    await stack.close();
  }
}

const inWords = (parts: Record<string, number>) =>
  Object.entries(parts)
    .map(([name, rate]) => `${name} ${Math.round(rate)}/s`)
    .join(', ');

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

async function rawParts(
  stack: Stack,
  phones: readonly BenchPhone[],
  answer: string,
): Promise<Record<string, number>> {
  const phone = phones[0];
  if (!phone) throw new Error('no phone is enrolled');
  const data = clientData('x'.repeat(120));
  const publicKey = createPublicKey(phone.key.privateKey);
  const signature = sign('sha256', data, phone.key.privateKey);
  const servers = await Promise.all(Array.from({ length: WORKERS }, () => startBareServer(answer)));
  try {
    return {
      'bare HTTP': await bareRate(servers, attestation(stack, phone, 'x'.repeat(120))),
      verification: WORKERS * measureRate(() => verify('sha256', data, publicKey, signature)),
      signature: WORKERS * measureRate(() => sign('sha256', data, phone.key.privateKey)),
      'batched insert': await insertRate(stack),
    };
  } finally {
    for (const server of servers) server.stop();
  }
}

async function bareRate(servers: readonly BareServer[], request: Buffer): Promise<number> {
  const runs = await Promise.all(
    servers.map((server) =>
      runLoad({ port: server.port, connections: CONNECTIONS / WORKERS, seconds: 3, next: () => request }),
    ),
  );
  return runs.reduce((sum, run) => sum + run.requestsPerSecond, 0);
}

/** Inserts rows that the service itself wrote, under new ids, in batches on as many connections as there are workers. */
async function insertRate(stack: Stack): Promise<number> {
  const sql = stack.service.sql;
  const columns = `reference, kind, app_id, instance_id, verdict, deciding_threat, deciding_rule, policy_version, platform,
    format, environment, app_version, os_version, model, country, network_kind, network_prefix, address_hash, threats,
    detail, latency_us, node`;
  const until = performance.now() + 3_000;
  let rows = 0;
  await Promise.all(
    Array.from({ length: WORKERS }, async () => {
      while (performance.now() < until) {
        const ids = Array.from({ length: ROWS_PER_INSERT }, () => randomUUID());
        await sql.unsafe(
          `insert into attestation_events (subject_id, received_at, id, ${columns})
           select new.id, clock_timestamp(), new.id, ${columns}
           from unnest($1::uuid[]) as new(id), (select ${columns} from attestation_events limit 1) as one`,
          [ids],
        );
        rows += ROWS_PER_INSERT;
      }
    }),
  );
  const seconds = (performance.now() - (until - 3_000)) / 1000;
  return rows / seconds;
}
