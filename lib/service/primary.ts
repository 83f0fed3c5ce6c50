import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry } from 'prom-client';
import { createLogger, type Logger } from '@/lib/core';
import { type Database, openDatabase } from '@/lib/db';
import { loadNetworks } from '@/lib/enrichment';
import {
  type RunningJobs,
  startBlockRules,
  startEndorsements,
  startJobs,
  startProbes,
  startRollouts,
} from '@/lib/jobs';
import { createAddressGuard } from '@/lib/outbound';
import { type ApiKeyKeeper, startApiKeyKeeper } from './api-keys/api-key-keeper';
import { type Listening, listen } from './http/server';
import { isMessage, type PrimaryMessage, tellParent, type WorkerMessage } from './messages';
import { createOpsListener, type Readiness } from './ops';
import { passOnConnections } from './pass-on-connections';
import type { ServiceSettings } from './settings';
import { openServiceVault } from './start-node';
import { nodeIdOf } from './worker';

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;
/** A worker that lived this long starts again at once. */
const STABLE_MS = 30_000;
/** Workers drain for four seconds; what is left a second later is killed. */
const END_MS = 5_000;
const STATUS_TOO_OLD_MS = 3_000;
/** Room for what a burst allocates, so that little of it lives long enough to be moved: a tenth less time per request. */
const WORKER_FLAGS = [...process.execArgv, '--max-semi-space-size=32'];

/** A worker could not start for the first time; the message is what it said, for the operator. */
export class WorkerFailedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WorkerFailedError';
  }
}

type Status = Extract<WorkerMessage, { type: 'status' }>;

/** One place for a worker, which keeps its name over restarts. */
interface Slot {
  readonly number: number;
  worker: Worker | undefined;
  startedAt: number;
  backoffMs: number;
  hasBeenReady: boolean;
  status: { readonly value: Status; readonly at: number } | undefined;
}

/**
 * The process that holds the ports and the workers together: it opens the vault before any worker starts, restarts
 * those that die, runs the scheduled work, and serves the operators' port. Rejects where the service cannot start.
 */
export async function runPrimary(settings: ServiceSettings): Promise<void> {
  const parentGone = parentsEnd();
  const logger = createLogger('service', settings.logLevel);
  // Compiles the data sets where that was not done, and speaks for all workers of what is wrong with them.
  const { warning } = await loadNetworks({ file: settings.networksFile });
  if (warning !== null) logger.warn({}, warning);
  const db = openDatabase({ url: settings.databaseUrl, applicationName: 'countersign-jobs', max: 3 });
  const vault = await openServiceVault(db, settings.masterKey);
  const jobs = await startJobs(db, logger);
  const rules = startBlockRules(db, logger);
  const probes = startProbes(db, createAddressGuard(settings.probeNetworks), logger);
  const { statusListUrl, appleReceiptUrls, endorserNetworks } = settings.endorsers;
  const endorsements = startEndorsements({
    db,
    vaultPrivateKey: vault.privateKey,
    guard: createAddressGuard(endorserNetworks),
    statusListUrl: statusListUrl === 'off' ? null : statusListUrl,
    appleEndpoints: appleReceiptUrls,
    logger,
  });
  const rollouts = startRollouts(db, logger);
  const keyKeeper = startApiKeyKeeper({
    databaseUrl: settings.databaseUrl,
    vaultPrivateKey: vault.privateKey,
    allowPrivateHooks: settings.privateHooks,
    logger,
  });
  const workers = new Workers(settings, logger);
  const registry = new AggregatorRegistry();
  const ops = await listen(
    createOpsListener({ metrics: () => registry.clusterMetrics(), readiness: workers.readiness }),
    '127.0.0.1',
    settings.opsPort,
  );
  const scheduled = [jobs, rules, probes, endorsements, rollouts];
  endWithParent({ workers, jobs: scheduled, keyKeeper, ops, db, logger, parentGone });
  await workers.start();
  const nodeIds = workers.nodeIds;
  logger.info(
    { host: settings.host, port: settings.port, opsPort: ops.port, nodeIds },
    'attestation service ready',
  );
  tellParent({
    type: 'ready',
    url: `http://${settings.host}:${settings.port}`,
    opsUrl: `http://127.0.0.1:${ops.port}`,
    nodeIds,
  });
}

/** Resolves when the process that started us is gone, also where it goes while we start; never where there was none. */
function parentsEnd(): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.once('disconnect', resolve);
  });
}

/** Ends in an orderly way on SIGTERM, Ctrl-C, or when the process that started us is gone. */
function endWithParent(parts: {
  workers: Workers;
  jobs: readonly RunningJobs[];
  keyKeeper: ApiKeyKeeper;
  ops: Listening;
  db: Database;
  logger: Logger;
  parentGone: Promise<void>;
}): void {
  let isEnding = false;
  const end = async () => {
    if (isEnding) return;
    isEnding = true;
    parts.logger.info({}, 'attestation service stopping');
    await Promise.all([
      parts.workers.stop(),
      ...parts.jobs.map((job) => job.stop()),
      parts.keyKeeper.stop(),
      parts.ops.close(0),
    ]);
    await parts.db.close();
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  parts.parentGone.then(end);
}

/** The workers of this machine. */
class Workers {
  readonly #logger: Logger;
  readonly #slots: readonly Slot[];
  readonly #nodeName: string;
  #isStopping = false;
  #onReady: () => void = () => undefined;
  #onFailed: (error: Error) => void = () => undefined;

  constructor(settings: ServiceSettings, logger: Logger) {
    this.#logger = logger;
    this.#nodeName = settings.nodeName;
    this.#slots = Array.from({ length: settings.workers }, (_, index) => ({
      number: index + 1,
      worker: undefined,
      startedAt: 0,
      backoffMs: FIRST_BACKOFF_MS,
      hasBeenReady: false,
      status: undefined,
    }));
  }

  get nodeIds(): string[] {
    return this.#slots.map((slot) => nodeIdOf(this.#nodeName, slot.number));
  }

  /** Resolves when every worker is ready; rejects where one cannot start for the first time. */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#onReady = () => {
        if (this.#slots.every((slot) => slot.hasBeenReady)) resolve();
      };
      this.#onFailed = reject;
      for (const slot of this.#slots) this.#fork(slot);
    });
  }

  /** The service is ready while one worker is: the others are being restarted. */
  readonly readiness: Readiness = () => {
    const statuses = this.#slots.map(({ status }) =>
      status !== undefined && performance.now() - status.at < STATUS_TOO_OLD_MS ? status.value : undefined,
    );
    const reasons = statuses.flatMap((status, index) => {
      const found = status === undefined ? ['The worker is not running.'] : status.reasons;
      return found.map((reason) => `${this.nodeIds[index]}: ${reason}`);
    });
    const ages = statuses.flatMap((status) => (status === undefined ? [] : [status.snapshotAgeMs]));
    return {
      isReady: statuses.some((status) => status?.isReady === true),
      snapshotAgeMs: Math.max(0, ...ages),
      reasons,
    };
  };

  /** Ends every worker, by force after five seconds. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(
      this.#slots.map(async ({ worker }) => {
        if (worker === undefined || worker.isDead()) return;
        const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
        const message: PrimaryMessage = { type: 'shutdown' };
        if (worker.isConnected()) worker.send(message);
        const force = setTimeout(() => worker.process.kill('SIGKILL'), END_MS);
        await exited;
        clearTimeout(force);
      }),
    );
  }

  #fork(slot: Slot): void {
    cluster.setupPrimary({ args: ['--worker', String(slot.number)], execArgv: WORKER_FLAGS });
    const worker = cluster.fork();
    slot.worker = worker;
    slot.startedAt = performance.now();
    slot.status = undefined;
    passOnConnections(worker, this.#logger);
    worker.on('message', (message: unknown) => this.#receive(slot, message));
    worker.on('exit', (code, signal) => this.#restart(slot, code, signal));
  }

  #receive(slot: Slot, message: unknown): void {
    if (!isMessage<WorkerMessage>(message, ['ready', 'status', 'failed'])) return;
    switch (message.type) {
      case 'status':
        slot.status = { value: message, at: performance.now() };
        return;
      case 'ready':
        slot.hasBeenReady = true;
        this.#onReady();
        return;
      case 'failed':
        if (!slot.hasBeenReady) this.#onFailed(new WorkerFailedError(message.message));
    }
  }

  #restart(slot: Slot, code: number | null, signal: string | null): void {
    slot.worker = undefined;
    slot.status = undefined;
    if (this.#isStopping) return;
    const isStable = performance.now() - slot.startedAt > STABLE_MS;
    slot.backoffMs = isStable ? FIRST_BACKOFF_MS : Math.min(slot.backoffMs * 2, MAX_BACKOFF_MS);
    const nodeId = nodeIdOf(this.#nodeName, slot.number);
    this.#logger.error({ nodeId, code, signal, restartInMs: slot.backoffMs }, 'a worker ended');
    setTimeout(() => {
      if (!this.#isStopping) this.#fork(slot);
    }, slot.backoffMs);
  }
}
