import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@/lib/db/embedded';
import { createBackoff } from './backoff';
import type { ChildLog } from './child-log';
import type { DataDirectory } from './data-directory';
import { freePort } from './ports';
import type { Progress } from './progress';

/** No helper processes that one machine has no use for. */
const SERVER_SETTINGS = ['io_workers=1', 'max_logical_replication_workers=0'];

/** What the embedded Postgres is started from. */
export interface EmbeddedDatabaseOptions {
  layout: DataDirectory;
  root: string;
  log: ChildLog;
  progress: Progress;
  /** Called whenever the process id changes. */
  onChange: () => void;
}

/** The embedded Postgres, started again on the same port whenever it ends by itself, until it is stopped. */
export class EmbeddedDatabase {
  readonly ownerUrl: string;
  readonly port: number;
  readonly #options: EmbeddedDatabaseOptions;
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;
  #server: EmbeddedPostgres | null;

  private constructor(options: EmbeddedDatabaseOptions, port: number, server: EmbeddedPostgres) {
    this.#options = options;
    this.port = port;
    this.ownerUrl = server.ownerUrl;
    this.#server = server;
    this.#watching = this.#watch();
  }

  /** Starts the cluster of a data directory; makes it first where there is none. */
  static async start(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
    const port = await freePort();
    return new EmbeddedDatabase(options, port, await startServer(options, port));
  }

  get pid(): number | null {
    return this.#server?.pid ?? null;
  }

  /** Fast shutdown; everything committed is on disk. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#server?.stop();
    await this.#watching;
    // It may just have been started again.
    await this.#server?.stop();
  }

  /** Ends it at once; it recovers from its log at the next start. */
  kill(): void {
    this.#stopping.abort();
    if (this.#server) signalProcess(this.#server.pid, 'SIGQUIT');
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    const backoff = createBackoff();
    while (!signal.aborted) {
      const startedAt = performance.now();
      await this.#server?.exited;
      if (signal.aborted) return;
      this.#server = null;
      const waitMs = backoff.nextMs(performance.now() - startedAt);
      this.#options.progress.warn(`Postgres ended; starting it again in ${(waitMs / 1000).toFixed(2)} s.`);
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await this.#revive();
    }
  }

  async #revive(): Promise<void> {
    const { progress, onChange } = this.#options;
    try {
      this.#server = await startServer(this.#options, this.port);
    } catch (error) {
      progress.warn(`Postgres does not start: ${error instanceof Error ? error.message : error}`);
      return;
    }
    progress.step('Postgres is back.');
    onChange();
  }
}

function startServer(
  { layout, root, log }: EmbeddedDatabaseOptions,
  port: number,
): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    directory: layout.postgres,
    root,
    port,
    settings: SERVER_SETTINGS,
    onLog: (line) => log.write(line),
  });
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
