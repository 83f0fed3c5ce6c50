import { createSetupToken, isSetUp } from '@/lib/auth';
import { readEnv } from '@/lib/core';
import { asCli } from '../cli-actor';
import type { Command } from '../command';
import { supervise, terminalProgress } from '../supervisor';

export const startCommand: Command = {
  usage: '',
  help: [
    'Everything is set by environment variables; docs/operate.md lists them.',
    'While there is no staff, a one-time link for the first administrator is printed.',
  ],
  options: {},
  acceptsPositionals: false,
  run: ({ installation }) => {
    const env = readEnv();
    return supervise({
      env,
      installation,
      progress: terminalProgress(performance.now() - process.uptime() * 1000),
      fleet: false,
      onDatabase: ({ urls }) => asCli(urls.console, (ctx) => firstAdministrator(ctx, env.consoleUrl)),
    });
  },
};

/** A link for the first administrator, while there is none. */
async function firstAdministrator(
  ctx: Parameters<typeof createSetupToken>[0],
  consoleUrl: string,
): Promise<readonly string[]> {
  if (await isSetUp(ctx.db)) return [];
  const { token } = await createSetupToken(ctx);
  return [
    '',
    'There is no staff yet. Make the first administrator here, once, within 24 hours:',
    `${consoleUrl}/setup?token=${token}`,
  ];
}
