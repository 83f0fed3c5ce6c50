import { mkdir } from 'node:fs/promises';
import { type Database, openDatabase } from '@/lib/db';
import { createNetworks, type DataSet } from '@/lib/enrichment';
import { appEntry, loadSnapshotSource, NetworkReader } from '@/lib/service';
import {
  ChallengeCounter,
  createWriter,
  foldCounts,
  RequestCounters,
  recordAttestations,
} from '@/lib/telemetry';
import { DEMO_APPS } from '../../demo-apps';
import type { Fleet } from '../fleet-store';
import { createAddressBook } from '../networks';
import type { PastAttestation } from './past-attestation';
import { attestationsOf, type Workshop } from './past-day';
import { type Counters, countTraffic } from './past-requests';
import { type BackfillArguments, makePlan, type Plan } from './plan';
import { type Position, readPosition, writePosition } from './position';
import { DAY_MS } from './rhythm';
import { seeded, seededBytes } from './seeded';
import { ensurePartitions, isRecorded } from './store';
import { Templates } from './templates';

/** What to fill, and with what. */
export interface BackfillOptions {
  readonly arguments: BackfillArguments;
  /** Connection of the service's role. */
  readonly serviceUrl: string;
  readonly fleet: Fleet;
  /** Where the position is kept. */
  readonly directory: string;
  readonly dataSet: DataSet | undefined;
  readonly nowMs: number;
  readonly stop: AbortSignal;
  /** Told after each batch. */
  readonly onProgress: (progress: BackfillProgress) => void;
}

export interface BackfillProgress {
  /** Events written so far, by earlier runs too. */
  readonly events: number;
  readonly batches: number;
  readonly allBatches: number;
}

/** How a run ended. */
export type BackfillOutcome = BackfillProgress & { readonly isComplete: boolean };

/** Writers, each with a shard of the rollups and chunks of its own. Their number is part of the history. */
const WRITERS = 4;
const STATEMENT_TIMEOUT_MS = 120_000;
/** Devices move up in lists every five minutes of the history, however fast it is written: it is the same each time. */
const LISTING = { next: () => 300_000 };

/**
 * Writes a history through the service's own write path, and remembers after each batch how far it is. A run goes on where
 * the one before stopped, be it stopped or killed. It ends between batches when it is told to.
 */
export async function runBackfill(options: BackfillOptions): Promise<BackfillOutcome> {
  const db = openDatabase({
    url: options.serviceUrl,
    applicationName: 'countersign-backfill',
    max: WRITERS + 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  try {
    return await fill(options, db);
  } finally {
    await db.close();
  }
}

async function fill(options: BackfillOptions, db: Database): Promise<BackfillOutcome> {
  const source = await loadSnapshotSource(db);
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const position = (await readPosition(options.directory, options.arguments, source.epoch)) ?? {
    database: source.epoch,
    endMs: options.nowMs,
    done: Array.from({ length: WRITERS }, () => 0),
    events: 0,
    isComplete: false,
  };
  const plan = makePlan(options.arguments, position.endMs);
  await ensurePartitions(db, plan.startMs - DAY_MS, plan.endMs);
  const { seed } = options.arguments;
  const workshop: Workshop = {
    plan,
    addresses: createAddressBook(options.dataSet, seeded(seed, 'addresses')),
    networks: new NetworkReader(seededBytes(seed, 'address key'), [], createNetworks(options.dataSet)),
    templates: new Templates(
      options.fleet.ca,
      new Map(
        source.apps
          .filter(({ id }) => DEMO_APPS.some((app) => app.id === id))
          .map((app) => [app.id, appEntry(app)]),
      ),
      options.nowMs,
    ),
  };
  return new Filling(options, db, { workshop, position }).run();
}

class Filling {
  readonly #options: BackfillOptions;
  readonly #db: Database;
  readonly #workshop: Workshop;
  readonly #position: Position;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: BackfillOptions, db: Database, state: { workshop: Workshop; position: Position }) {
    this.#options = options;
    this.#db = db;
    this.#workshop = state.workshop;
    this.#position = state.position;
  }

  async run(): Promise<BackfillOutcome> {
    const writers = Array.from({ length: WRITERS }, (_, writer) => this.#write(writer));
    const results = await Promise.allSettled(writers);
    await this.#saving;
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    const progress = this.#progress();
    const isComplete = progress.batches >= progress.allBatches;
    await this.#save({ isComplete });
    return { ...progress, isComplete };
  }

  get #plan(): Plan {
    return this.#workshop.plan;
  }

  /** Every batch of one writer that is not written yet: day by day, its chunks in their order. */
  async #write(writer: number): Promise<void> {
    const chunks = this.#plan.chunks.filter((_, index) => index % WRITERS === writer);
    const memory = createWriter(`backfill-${writer + 1}`, LISTING);
    const counters: Counters = {
      requests: new RequestCounters(this.#db, memory.node),
      challenges: new ChallengeCounter(this.#db, memory.node),
    };
    // An earlier run may have been killed after a commit and before it could say so.
    let mayBeWritten = true;
    for (let batch = this.#position.done[writer] ?? 0; batch < chunks.length * this.#plan.dayCount; batch++) {
      if (this.#options.stop.aborted) return;
      const day = Math.floor(batch / chunks.length);
      const attestations = await attestationsOf(this.#workshop, chunks[batch % chunks.length] ?? [], day);
      if (mayBeWritten) mayBeWritten = await this.#isWritten(attestations);
      if (attestations.length > 0 && !mayBeWritten) {
        const settled = await recordAttestations(this.#db, attestations, memory);
        await foldCounts(this.#db, memory);
        const random = seeded(this.#options.arguments.seed, `traffic ${writer} ${batch}`);
        countTraffic(settled, counters, { ...this.#workshop, random, endMs: this.#plan.endMs });
        await Promise.all([counters.requests.flush(), counters.challenges.flush()]);
      }
      this.#position.done[writer] = batch + 1;
      this.#position.events += attestations.length;
      await this.#save({});
      this.#options.onProgress(this.#progress());
    }
  }

  /** Whether a batch is in the database: all of it is, where one event is. */
  async #isWritten([first]: readonly PastAttestation[]): Promise<boolean> {
    if (first === undefined) return true;
    const { id, receivedAtMs, claim } = first;
    return isRecorded(this.#db, { id, subjectId: claim?.id ?? id, atMs: receivedAtMs });
  }

  #progress(): BackfillProgress {
    const { chunks, dayCount } = this.#plan;
    return {
      events: this.#position.events,
      batches: this.#position.done.reduce((sum, done) => sum + done, 0),
      allBatches: chunks.length * dayCount,
    };
  }

  /** One at a time: a position never goes back. */
  #save(change: Partial<Position>): Promise<void> {
    this.#saving = this.#saving.then(() =>
      writePosition(this.#options.directory, this.#options.arguments, { ...this.#position, ...change }),
    );
    return this.#saving;
  }
}
