import { type Database, openDatabase } from '@/lib/db';
import {
  createWriter,
  foldCounts,
  foldDueCounts,
  type PendingAttestation,
  recordAttestations,
  type WriterMemory,
} from '@/lib/telemetry';
import { type BenchDevice, makeAttestation, seededRandom } from './attestations';
import { type Forked, forkPart, serveIfForked } from './forked';

/* The write path of one worker, in a process of its own, as the service has it. */

/** The most that a group commit takes; under load it takes as many. */
export const BATCH = 1_024;
/** A node folds what live views read about as often, and the rest less so. */
const FOLD_MS = 300;
/** Attestations come this far apart, so that the run spans a few minutes and one hour ends in it. */
const APART_MS = 20;
const MOST_UNDER_WAY = 4;
const PART = 'telemetry-writer';
/** As the service starts its workers; and so that what a run is made of is not collected while it is measured. */
const FLAGS = ['--max-semi-space-size=32', '--expose-gc'];

/** What a worker writes. */
export interface WriterTask {
  /** Connection of the service's role. */
  readonly url: string;
  /** Its shard of the rollups. */
  readonly name: string;
  readonly devices: readonly BenchDevice[];
  readonly events: number;
  /** Transactions under way at once, each of devices of its own. */
  readonly underWay: number;
  readonly seed: number;
}

type WriterCalls = {
  /** Makes everything that is written. */
  prepare(task: WriterTask): void;
  /** Writes it, counts folded. */
  write(): Promise<void>;
};

/** A worker in its process. */
export type ForkedWriter = Forked<WriterCalls>;

/** Starts a worker. */
export function forkWriter(): ForkedWriter {
  return forkPart<WriterCalls>(PART, FLAGS);
}

/** In the process of a worker: serves it, and never returns. */
export async function serveWriterIfForked(): Promise<void> {
  await serveIfForked(PART, () => {
    let db: Database | undefined;
    let writer: WriterMemory | undefined;
    let writing: Writing | undefined;
    return {
      prepare(task: WriterTask) {
        // The same each time: connections have learnt their plans, and a writer the facets of its fleet.
        db ??= openDatabase({ url: task.url, applicationName: 'bench-service', max: MOST_UNDER_WAY + 1 });
        writer ??= createWriter(task.name);
        writing = new Writing(db, writer, task);
        globalThis.gc?.();
      },
      write: () => writing?.run(),
    };
  });
}

/** Folds counts now and then, beside its commits, as a node does. */
class Writing {
  readonly #db: Database;
  readonly #streams: readonly PendingAttestation[][][];
  readonly #writer: WriterMemory;
  #foldedAt = performance.now();
  #folding: Promise<unknown> = Promise.resolve();

  constructor(db: Database, writer: WriterMemory, { devices, events, underWay, seed }: WriterTask) {
    const random = seededRandom(seed);
    this.#db = db;
    this.#writer = writer;
    this.#streams = Array.from({ length: underWay }, (_, stream) =>
      makeBatches(
        devices.filter((_device, index) => index % underWay === stream),
        events / underWay,
        random,
      ),
    );
  }

  async run(): Promise<void> {
    this.#foldedAt = performance.now();
    await Promise.all(
      this.#streams.map(async (batches) => {
        for (const batch of batches) {
          await recordAttestations(this.#db, batch, this.#writer);
          if (performance.now() - this.#foldedAt >= FOLD_MS) this.#fold();
        }
      }),
    );
    await this.#folding;
    await foldCounts(this.#db, this.#writer);
  }

  #fold(): void {
    this.#foldedAt = performance.now();
    this.#folding = this.#folding.then(() => foldDueCounts(this.#db, this.#writer));
  }
}

function makeBatches(
  devices: readonly BenchDevice[],
  count: number,
  random: () => number,
): PendingAttestation[][] {
  const startMs = Date.now() - count * APART_MS;
  const batches: PendingAttestation[][] = [];
  for (let index = 0; index < count; index++) {
    const device = devices[Math.floor(random() * devices.length)];
    if (device === undefined) throw new TypeError('There are no devices.');
    if (index % BATCH === 0) batches.push([]);
    batches.at(-1)?.push(makeAttestation(device, startMs + index * APART_MS, random));
  }
  return batches;
}
