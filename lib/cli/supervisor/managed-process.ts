import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../command';
import { createBackoff } from './backoff';
import type { ChildLog } from './child-log';
import type { Progress } from './progress';

const POLL_MS = 40;

/** What to run, and how to tell that it works. */
export interface ProcessOptions {
  /** Short name for the runtime file, e.g. `service`. */
  id: string;
  /** Name for people. */
  name: string;
  /** Arguments of this very `node`. */
  args: readonly string[];
  /** The whole environment: nothing is inherited. */
  env: NodeJS.ProcessEnv;
  cwd: string;
  log: ChildLog;
  /** Standard output goes to our terminal instead of the log. */
  echo: boolean;
  isReady: () => Promise<boolean>;
  readyTimeoutMs: number;
  /** How long it may take to end after SIGTERM. */
  graceMs: number;
  progress: Progress;
  /** Called whenever the process id changes. */
  onChange: () => void;
}

/**
 * A child that is started again, with growing pauses, whenever it ends by itself. It runs in a process group of its
 * own, so that Ctrl-C reaches only us and we end the children in order; it notices our death by its closed channel.
 */
export class ManagedProcess {
  readonly #options: ProcessOptions;
  readonly #backoff = createBackoff();
  readonly #stopping = new AbortController();
  #child: ChildProcess | null = null;
  #startedAt = 0;

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  get id(): string {
    return this.#options.id;
  }

  get name(): string {
    return this.#options.name;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Resolves when it is ready. @throws CliError where it ends before, or is not ready in time. */
  async start(): Promise<void> {
    const child = this.#spawn();
    const failure = await this.#waitUntilReady(child);
    if (failure === undefined) {
      this.#watch(child);
      if (child.exitCode !== null || child.signalCode !== null)
        this.#revive(describeEnd(child.exitCode, child.signalCode));
      return;
    }
    await this.stop();
    const why = this.#options.log.lastProblem();
    throw new CliError(`The ${this.name} ${failure}${why === undefined ? '.' : `: ${why}`}`);
  }

  /** Asks it to end, insists after the grace period, and resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const insist = setTimeout(() => child.kill('SIGKILL'), this.#options.graceMs);
    await exited;
    clearTimeout(insist);
  }

  /** Ends it at once. */
  kill(): void {
    this.#stopping.abort();
    this.#child?.kill('SIGKILL');
  }

  #spawn(): ChildProcess {
    const { args, env, cwd, log, echo } = this.#options;
    this.#startedAt = performance.now();
    const child = spawn(process.execPath, args, {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', echo ? 'inherit' : 'pipe', 'pipe', 'ipc'],
    });
    child.on('error', (error) => log.write(error.message));
    log.attach(child.stdout, child.stderr);
    this.#child = child;
    this.#options.onChange();
    return child;
  }

  /** What went wrong, or nothing. */
  async #waitUntilReady(child: ChildProcess): Promise<string | undefined> {
    const { isReady, readyTimeoutMs } = this.#options;
    const deadline = performance.now() + readyTimeoutMs;
    while (performance.now() < deadline) {
      if (child.exitCode !== null || child.signalCode !== null) return 'ended at its start';
      if (this.#stopping.signal.aborted) return 'was stopped';
      if (await isReady()) return undefined;
      await sleep(POLL_MS);
    }
    return `was not ready within ${Math.round(readyTimeoutMs / 1000)} s`;
  }

  /** Starts another one when the child is gone, also where the system could not even start it. */
  #watch(child: ChildProcess): void {
    if (child.pid === undefined) child.once('error', () => this.#revive(NOT_STARTED));
    else child.once('exit', (code, signal) => this.#revive(describeEnd(code, signal)));
  }

  async #revive(how: string): Promise<void> {
    const { progress, onChange } = this.#options;
    this.#child = null;
    onChange();
    const stopped = this.#stopping.signal;
    if (stopped.aborted) return;
    const endedAt = performance.now();
    const waitMs = this.#backoff.nextMs(endedAt - this.#startedAt);
    progress.warn(`The ${this.name} ended (${how}); starting it again in ${(waitMs / 1000).toFixed(2)} s.`);
    await sleep(waitMs, undefined, { signal: stopped }).catch(() => undefined);
    if (stopped.aborted) return;
    const child = this.#respawn();
    if (child === undefined) return this.#revive(NOT_STARTED);
    this.#watch(child);
    if ((await this.#waitUntilReady(child)) === undefined) {
      progress.step(`The ${this.name} is back after ${((performance.now() - endedAt) / 1000).toFixed(1)} s.`);
    }
  }

  /** Another child; nothing where the system throws instead of telling, as it does when it is out of memory. */
  #respawn(): ChildProcess | undefined {
    try {
      return this.#spawn();
    } catch (error) {
      this.#options.log.write(String(error));
      return undefined;
    }
  }
}

const NOT_STARTED = 'could not be started';

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ?? `status ${code}`;
}
