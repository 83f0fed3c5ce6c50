import { AppError, type Env } from '@/lib/core';
import { isConsoleBuilt } from '../build-console';
import { CliError, type Installation } from '../command';
import {
  type ChildContext,
  childLog,
  consoleProcess,
  fleetProcess,
  localUrl,
  serviceProcess,
} from './children';
import { type DataDirectory, makeDataDirectory, readSecrets, type Secrets } from './data-directory';
import { EmbeddedDatabase } from './embedded-database';
import { waitForLeftovers } from './leftovers';
import { takeLock } from './lock';
import type { ManagedProcess } from './managed-process';
import { assertPortsFree } from './ports';
import { identify } from './process-identity';
import { databaseKind, prepareDatabase, preparedRoleUrls, type RoleUrls, roleUrls } from './product-database';
import type { Progress } from './progress';
import { readRuntime, removeRuntime, writeRuntime } from './runtime-file';
import { listenForStop, type StopRequests } from './signals';

/** What to supervise, and what to do once the database is migrated and once everything is ready. */
export interface SuperviseOptions {
  env: Env;
  installation: Installation;
  progress: Progress;
  /** Runs on the migrated database before the processes start; its lines are printed after the addresses. */
  onDatabase: (database: { urls: RoleUrls; layout: DataDirectory }) => Promise<readonly string[]>;
  /** Runs once everything is ready, before the fleet. */
  beforeFleet?: (database: { urls: RoleUrls; layout: DataDirectory }) => Promise<void>;
  /** Whether the simulated fleet runs as well. */
  fleet: boolean;
  /** Runs beside everything else once it is ready. It ends when `stop` is; a failure is told and stops nothing. */
  onReady?: (database: { urls: RoleUrls; layout: DataDirectory }, stop: AbortSignal) => Promise<void>;
}

interface Running {
  options: SuperviseOptions;
  layout: DataDirectory;
  secrets: Secrets;
  stop: StopRequests;
  database: EmbeddedDatabase | null;
  processes: ManagedProcess[];
  startedAt: string;
  /** What goes on since everything was ready. */
  afterwards: Promise<void>;
  /** The last write of the runtime file; one at a time, and none once we are going. */
  publishing: Promise<void>;
  isGoing: boolean;
}

/**
 * Starts the database, the attestation service and the console, keeps them running, and ends them in the reverse order
 * on request; a second request ends them at once. Everything committed survives either.
 * @returns the exit status.
 * @throws CliError, AppError or DatabaseTooNewError where something keeps it from starting; nothing is left running.
 */
export async function supervise(options: SuperviseOptions): Promise<number> {
  const { env, installation, progress } = options;
  if (!isConsoleBuilt(installation)) {
    throw new CliError('The console is not built yet. Run: npm run build');
  }
  const layout = await makeDataDirectory(env.dataDir);
  const lock = await takeLock(layout.lock, layout.path);
  const secrets = await readSecrets(layout, env).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  const running: Running = {
    options,
    layout,
    secrets,
    stop: listenForStop(() => forceDown(running)),
    database: null,
    processes: [],
    startedAt: new Date().toISOString(),
    afterwards: Promise.resolve(),
    publishing: Promise.resolve(),
    isGoing: false,
  };
  try {
    await waitForLeftovers((await readRuntime(layout.runtime))?.processes ?? []);
    await assertPortsFree(env);
    progress.step(`Data directory ${layout.path}`);
    await bringUp(running);
    await running.stop.requested;
    progress.say('');
    progress.step('Stopping. Once more to stop at once.');
    return 0;
  } finally {
    await bringDown(running);
    if (running.stop.signal.aborted) progress.step('Stopped.');
    await lock.release();
    running.stop.release();
  }
}

async function bringUp(running: Running): Promise<void> {
  const { env, progress, installation, onDatabase, beforeFleet, fleet } = running.options;
  const urls = await openDatabase(running);
  const notes = await onDatabase({ urls, layout: running.layout });
  if (running.stop.signal.aborted) return;
  const context: ChildContext = {
    env,
    secrets: running.secrets,
    urls,
    layout: running.layout,
    installation,
    progress,
    onChange: () => void publish(running),
  };
  // The last one is ended first.
  running.processes = [serviceProcess(context), consoleProcess(context)];
  await Promise.all(
    running.processes.map(async (child) => {
      await child.start();
      progress.step(`The ${child.name} is ready.`);
    }),
  ).catch((error) => {
    if (!running.stop.signal.aborted) throw error;
  });
  if (running.stop.signal.aborted) return;
  await beforeFleet?.({ urls, layout: running.layout });
  sayWhere(running, notes);
  if (fleet) {
    const child = fleetProcess(context);
    running.processes.push(child);
    await child.start();
  }
  running.afterwards = goOn(running, urls);
}

async function goOn({ options, layout, stop }: Running, urls: RoleUrls): Promise<void> {
  try {
    await options.onReady?.({ urls, layout }, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return;
    const why = error instanceof AppError ? error.code : String(error);
    options.progress.warn(`Not everything was prepared: ${why}`);
  }
}

async function openDatabase(running: Running): Promise<RoleUrls> {
  const { layout, secrets } = running;
  const { env, progress, installation } = running.options;
  const kind = databaseKind(env);
  if (kind === 'prepared') return preparedRoleUrls(env, secrets);
  if (kind === 'embedded') {
    running.database = await EmbeddedDatabase.start({
      layout,
      root: installation.root,
      log: childLog(layout, 'postgres', progress),
      progress,
      onChange: () => void publish(running),
    });
    progress.step(`Embedded Postgres is ready on 127.0.0.1:${running.database.port}.`);
    await publish(running);
  }
  const ownerUrl = running.database?.ownerUrl ?? env.databaseUrl ?? '';
  const applied = await prepareDatabase(env, ownerUrl, secrets, installation.root);
  progress.step(
    applied === 0 ? 'The database is up to date.' : `The database is migrated (${applied} steps).`,
  );
  return roleUrls(env, ownerUrl, secrets);
}

function sayWhere({ options: { env, progress } }: Running, notes: readonly string[]): void {
  progress.step('Ready.');
  const lines = [
    '',
    `  Console              ${env.consoleUrl}`,
    `  Attestation service  ${env.serviceUrl}`,
    `  Metrics              ${localUrl({ ...env, host: '127.0.0.1' }, env.opsPort)}/metrics`,
    ...notes.map((note) => `  ${note}`),
    '',
    '  Ctrl-C stops everything and leaves the data intact.',
    '',
  ];
  for (const line of lines) progress.say(line.trimEnd());
}

/** Writes down what runs. Failing to is not worth stopping for. */
function publish(running: Running): Promise<void> {
  running.publishing = running.publishing.then(() => (running.isGoing ? undefined : publishNow(running)));
  return running.publishing;
}

async function publishNow(running: Running): Promise<void> {
  const { env, progress } = running.options;
  const children = running.processes.map(({ id, pid }) => ({ name: id, pid }));
  if (running.database) children.push({ name: 'postgres', pid: running.database.pid });
  await writeRuntime(running.layout.runtime, {
    supervisor: identify(),
    startedAt: running.startedAt,
    consoleUrl: env.consoleUrl,
    serviceUrl: env.serviceUrl,
    postgresPort: running.database?.port ?? null,
    processes: children.flatMap(({ name, pid }) => (pid === null ? [] : [{ name, ...identify(pid) }])),
  }).catch((error) => progress.warn(`${running.layout.runtime} cannot be written: ${error}`));
}

async function bringDown(running: Running): Promise<void> {
  running.isGoing = true;
  await Promise.all([running.publishing, running.afterwards]);
  for (const child of running.processes.toReversed()) await child.stop();
  await running.database?.stop();
  await removeRuntime(running.layout.runtime);
}

function forceDown(running: Running): void {
  for (const child of running.processes) child.kill();
  running.database?.kill();
}
