import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Env } from '@/lib/core';
import type { Installation } from '../command';
import { consoleEnvironment, fleetEnvironment, serviceEnvironment } from './child-environments';
import { type ChildLog, openChildLog } from './child-log';
import type { DataDirectory, Secrets } from './data-directory';
import { ManagedProcess, type ProcessOptions } from './managed-process';
import type { RoleUrls } from './product-database';
import type { Progress } from './progress';

/** What the children are started from. */
export interface ChildContext {
  env: Env;
  secrets: Secrets;
  urls: RoleUrls;
  layout: DataDirectory;
  installation: Installation;
  progress: Progress;
  onChange: () => void;
}

/** The address at which this machine itself reaches a port that we listen on. */
export function localUrl(env: Env, port: number): string {
  const host = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[env.host] ?? env.host;
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
}

/** The attestation service: ready when it can commit. */
export function serviceProcess(context: ChildContext): ManagedProcess {
  const { env, secrets, urls, installation } = context;
  return new ManagedProcess({
    ...shared(context, 'service'),
    name: 'attestation service',
    args: [path.join(installation.bundle, 'service.mjs')],
    env: serviceEnvironment(env, secrets, urls),
    isReady: () => answers(`${localUrl(env, env.servicePort)}/readyz`, (status) => status === 200),
    graceMs: 7_000,
  });
}

/** The console: ready when it answers at all. */
export function consoleProcess(context: ChildContext): ManagedProcess {
  const { env, secrets, urls, installation } = context;
  const next = path.join(installation.root, 'node_modules', 'next', 'dist', 'bin', 'next');
  const guard = pathToFileURL(path.join(installation.bundle, 'console-guard.mjs')).href;
  return new ManagedProcess({
    ...shared(context, 'console'),
    name: 'console',
    args: ['--import', guard, next, 'start', '--hostname', env.host, '--port', String(env.consolePort)],
    env: consoleEnvironment(env, secrets, urls),
    isReady: () => answers(`${localUrl(env, env.consolePort)}/sign-in`, (status) => status < 500),
    graceMs: 3_000,
  });
}

/** The simulated fleet, which reports to the terminal. */
export function fleetProcess(context: ChildContext): ManagedProcess {
  const { env, installation } = context;
  return new ManagedProcess({
    ...shared(context, 'fleet'),
    name: 'simulated fleet',
    args: [path.join(installation.root, 'lib', 'cli', 'bin.js'), 'simulate'],
    env: fleetEnvironment(env),
    echo: true,
    isReady: async () => true,
    graceMs: 5_000,
  });
}

type Shared = Pick<
  ProcessOptions,
  'id' | 'cwd' | 'log' | 'echo' | 'readyTimeoutMs' | 'progress' | 'onChange'
>;

function shared({ installation, layout, progress, onChange }: ChildContext, id: string): Shared {
  return {
    id,
    cwd: installation.root,
    log: childLog(layout, id, progress),
    echo: false,
    readyTimeoutMs: 30_000,
    progress,
    onChange,
  };
}

/** The log of a child in the data directory; its warnings also go to the terminal. */
export function childLog(layout: DataDirectory, name: string, progress: Progress): ChildLog {
  return openChildLog(path.join(layout.logs, `${name}.log`), (problem) =>
    progress.warn(`${name}: ${problem}`),
  );
}

async function answers(url: string, isGood: (status: number) => boolean): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return isGood(response.status);
  } catch {
    return false;
  }
}
