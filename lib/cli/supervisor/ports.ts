import { createServer } from 'node:net';
import type { Env } from '@/lib/core';
import { CliError } from '../command';
import { hasCode } from './files';

/**
 * Makes sure that we can listen where we are told to.
 * @throws CliError naming the port and its variable.
 */
export async function assertPortsFree(env: Env): Promise<void> {
  const wanted = [
    { variable: 'COUNTERSIGN_CONSOLE_PORT', port: env.consolePort, host: env.host },
    { variable: 'COUNTERSIGN_SERVICE_PORT', port: env.servicePort, host: env.host },
    { variable: 'COUNTERSIGN_OPS_PORT', port: env.opsPort, host: '127.0.0.1' },
  ];
  for (const [index, { variable, port }] of wanted.entries()) {
    const twin = wanted.slice(0, index).find((other) => other.port === port);
    if (twin) throw new CliError(`${twin.variable} and ${variable} are both ${port}.`);
  }
  for (const { variable, port, host } of wanted) {
    const problem = await tryToListen(port, host);
    if (problem) throw new CliError(`Port ${port} ${problem}. Free it, or set ${variable} to another one.`);
  }
}

/** A loopback port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function tryToListen(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(problemOf(error, host)));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}

function problemOf(error: unknown, host: string): string {
  if (hasCode(error, 'EADDRINUSE')) return `of ${host} is taken`;
  if (hasCode(error, 'EACCES')) return 'needs privileges that this user does not have';
  if (hasCode(error, 'EADDRNOTAVAIL'))
    return `cannot be used: ${host} (COUNTERSIGN_HOST) is not an address of this machine`;
  return `cannot be used (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
}
