import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processId } from '@/e2e/support/inside';
import { loadPhones, type Product } from '@/e2e/support/product';
import { startProduct } from '@/e2e/support/start-product';
import { BARE_STREAMS, bareStreams, startBareStreams } from './support/bare-streams';
import { serveIfForked } from './support/forked';
import { type OpenStreams, openStreams, STREAM_CLIENT } from './support/open-streams';
import { type BenchContext, type BenchRow, printReport, quantile } from './support/report';
import { openSessions } from './support/sessions';
import { type Memory, settleOnSignal } from './support/settle';
import { cpuSecondsOf } from './support/stack';
import { monotonicMs, streamClient } from './support/stream-client';

await serveIfForked(STREAM_CLIENT, streamClient);
await serveIfForked(BARE_STREAMS, bareStreams);

const STREAMS = 5_000;
/** Files that a process needs besides its streams. */
const OTHER_FILES = 200;
const CLIENT_PROCESSES = 2;
const IDLE_SECONDS = 20;
const ATTESTATIONS = 60;
/** No multiple of a second: attestations fall on every moment between two messages. */
const ATTESTATION_EVERY_MS = 290;
const GIVE_UP_AFTER_MS = 5 * 60_000;

/** What holding streams open cost, and how long it took to tell them something. */
interface Measured {
  bytesPerStream: number;
  heapBytesPerStream: number;
  /** Of one core, while nothing happens. */
  idleCpu: number;
  delays: readonly number[];
  /** The part of it that is the way of one message to all streams, in milliseconds. */
  fanOut: readonly number[];
  /** What they were opened with, and what one of them was sent. */
  cookies: readonly string[];
  greeting: string;
  tick: string;
  attestations: string;
}

/**
 * Holds 5,000 live streams of the built product open, each with a session of its own, and measures what they cost the
 * console and how long an attestation takes from its answer to each of them; beside a bare server that sends the same.
 */
export default async function bench(context: BenchContext): Promise<void> {
  const count = await possibleStreams();
  const ours = await stoppedAfterwards((started) => measureProduct(count, started));
  const floor = await stoppedAfterwards((started) => measureFloor(ours, started));
  printReport('live-streams', rowsOf(ours, floor, count), context, [
    ...(count < STREAMS ? [`Only ${count} streams: a process may open no more files here.`] : []),
    `Of that, script objects: ${kb(ours.heapBytesPerStream).toFixed(1)} KB; of the bare server ${kb(floor.heapBytesPerStream).toFixed(1)} KB.`,
    `${ATTESTATIONS} attestations, one every ${ATTESTATION_EVERY_MS} ms, each seen by ${count} streams of as many sessions.`,
  ]);
}

/** What is running, to be stopped at the end however that comes. */
type Started = (stop: () => Promise<void>) => void;

/** Runs something that starts processes, and stops those when it is done, takes too long, or is interrupted. */
async function stoppedAfterwards<Result>(run: (started: Started) => Promise<Result>): Promise<Result> {
  const stops: (() => Promise<void>)[] = [];
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.once(signal, () => reject(new Error('The benchmark was interrupted.')));
    }
    setTimeout(() => reject(new Error('The benchmark took too long.')), GIVE_UP_AFTER_MS).unref();
  });
  try {
    return await Promise.race([run((stop) => stops.unshift(stop)), interrupted]);
  } finally {
    for (const stop of stops) await stop();
  }
}

function rowsOf(ours: Measured, floor: Measured, count: number): BenchRow[] {
  const delay = (name: string, q: number, bar: number | null): BenchRow => ({
    name: `attestation to stream, ${name}`,
    ours: quantile(ours.delays, q),
    limit: null,
    unit: 'ms',
    bar: bar === null ? '' : `<= ${bar}`,
    holds: bar === null || quantile(ours.delays, q) <= bar,
  });
  return [
    {
      name: 'idle streams',
      ours: count,
      limit: count,
      unit: '',
      bar: `>= ${STREAMS}`,
      holds: count >= STREAMS,
    },
    {
      name: 'memory of one stream',
      ours: kb(ours.bytesPerStream),
      limit: kb(floor.bytesPerStream),
      unit: 'KB',
      bar: '<= 50',
      holds: kb(ours.bytesPerStream) <= 50,
    },
    delay('p50', 0.5, null),
    delay('p99', 0.99, 1_500),
    delay('slowest', 1, 1_500),
    {
      name: 'of which one message to all, p99',
      ours: quantile(ours.fanOut, 0.99),
      limit: quantile(floor.fanOut, 0.99),
      unit: 'ms',
      bar: '',
      holds: true,
    },
    {
      name: 'CPU of all while idle',
      ours: ours.idleCpu * 100,
      limit: floor.idleCpu * 100,
      unit: '% of a core',
      bar: '',
      holds: true,
    },
  ];
}

async function measureProduct(count: number, started: Started): Promise<Measured> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-streams-'));
  started(() => rm(folder, { recursive: true, force: true }));
  const { nodeOptions, memoryOf } = await settleOnSignal(folder);
  process.env.NODE_OPTIONS = nodeOptions;
  const { product, stop } = await startProduct();
  started(stop);
  delete process.env.NODE_OPTIONS;
  const pid = await processId(product, 'console');
  const cookies = await openSessions(product, count);
  const target = { port: Number(new URL(product.consoleUrl).port), path: '/api/live', cookies };
  const open = (some: readonly string[]) => openStreams({ ...target, cookies: some }, CLIENT_PROCESSES);
  // The code is loaded and compiled, and the database's pools are filled, before anything is measured.
  const first = await open(cookies.slice(0, 100));
  await sleep(3_000);
  await first.close();
  return await measure(cookies, {
    open: () => open(cookies),
    memory: () => memoryOf(pid),
    cpuSeconds: () => cpuSecondsOf(pid),
    happen: async () => attest(product),
  });
}

/** The same on a bare server, which sends what the product has sent. */
async function measureFloor(ours: Measured, started: Started): Promise<Measured> {
  const server = startBareStreams();
  started(server.stop);
  const port = await server.call.listen(ours.greeting);
  await server.call.tick(ours.tick);
  return await measure(ours.cookies, {
    open: () => openStreams({ port, path: '/', cookies: ours.cookies }, CLIENT_PROCESSES),
    memory: () => server.call.memory(),
    cpuSeconds: () => cpuSecondsOf(server.pid),
    happen: async () => {
      const told = new Map<string, number>();
      for (let number = 0; number < ATTESTATIONS; number++) {
        const reference = `BARE-${String(number).padStart(4, '0')}`;
        told.set(reference, monotonicMs());
        const message = ours.attestations
          .replace(/("reference":")[0-9A-Z-]+/, `$1${reference}`)
          .replace(/("serverTime":")[^"]+/, `$1${new Date().toISOString()}`);
        await server.call.send(message);
        await sleep(ATTESTATION_EVERY_MS);
      }
      return told;
    },
  });
}

interface Subject {
  open: () => Promise<OpenStreams>;
  memory: () => Promise<Memory>;
  cpuSeconds: () => Promise<number>;
  /** Lets attestations happen; answers when each was answered, in `monotonicMs`, by its reference. */
  happen: () => Promise<Map<string, number>>;
}

async function measure(cookies: readonly string[], subject: Subject): Promise<Measured> {
  const before = await subject.memory();
  const streams = await subject.open();
  try {
    await sleep(5_000);
    const after = await subject.memory();
    const cpuBefore = await subject.cpuSeconds();
    await sleep(IDLE_SECONDS * 1_000);
    const idleCpu = ((await subject.cpuSeconds()) - cpuBefore) / IDLE_SECONDS;
    const answered = await subject.happen();
    await sleep(3_000);
    return {
      bytesPerStream: (after.rss - before.rss) / cookies.length,
      heapBytesPerStream: (after.heapUsed - before.heapUsed) / cookies.length,
      idleCpu,
      delays: await delaysOf(streams, answered),
      fanOut: await streams.fanOut(),
      cookies,
      greeting: streams.greeting,
      tick: await streams.lastTick(),
      attestations: await streams.lastAttestations(),
    };
  } finally {
    await streams.close();
  }
}

/** How long each stream waited for each attestation, in milliseconds, sorted. @throws Error where one was not told */
async function delaysOf(streams: OpenStreams, answered: ReadonlyMap<string, number>): Promise<number[]> {
  if ((await streams.broken()) > 0) throw new Error(`${await streams.broken()} streams broke.`);
  const arrivals = await streams.arrivals([...answered.keys()]);
  const delays: number[] = [];
  for (const [reference, atMs] of answered) {
    const times = arrivals.get(reference) ?? [];
    if (times.length !== streams.count) {
      throw new Error(`${times.length} of ${streams.count} streams were told of ${reference}.`);
    }
    // A stream may be told before the device has read its answer.
    for (const time of times) delays.push(Math.max(0, time - atMs));
  }
  return delays.sort((a, b) => a - b);
}

/** Attests from a phone with a hooking framework: an answer that rejects names its event. */
async function attest(product: Product): Promise<Map<string, number>> {
  const { loadTestCa, Phone } = await loadPhones();
  const phone = new Phone(loadTestCa(product.ca), 'android');
  await phone.enrol(product.serviceUrl);
  // What the enrolment told is not measured.
  await sleep(2_000);
  const answered = new Map<string, number>();
  for (let number = 0; number < ATTESTATIONS; number++) {
    const { status, body } = await phone.attest(product.serviceUrl, { signals: { hooks: true } });
    if (body.reference === undefined) throw new Error(`An attestation answered ${status}.`);
    answered.set(body.reference, monotonicMs());
    await sleep(ATTESTATION_EVERY_MS);
  }
  return answered;
}

/** As many streams as a process may open files for, up to the bar. */
async function possibleStreams(): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8');
  const files = Number(/Max open files\s+(\d+)/.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  return Math.min(STREAMS, files - OTHER_FILES);
}

const kb = (bytes: number) => bytes / 1_024;
