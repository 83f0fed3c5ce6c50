import { readEnv } from '@/lib/core';
import { listSigningKeys } from '@/lib/signing-keys';
import { asCli } from '../cli-actor';
import type { Command } from '../command';
import { withDatabase } from '../database-access';

export const keysListCommand: Command = {
  usage: '',
  help: [],
  options: {},
  acceptsPositionals: false,
  run: async ({ installation }) => {
    const { keys, rotation, rotateEveryDays } = await withDatabase(readEnv(), installation, ({ urls }) =>
      asCli(urls.console, listSigningKeys),
    );
    for (const { kid, state, createdAt, devices } of keys) {
      console.log(`${kid}  ${state.padEnd(8)}  made ${createdAt}  ${devices} devices hold a token`);
    }
    if (keys.length === 0) console.log('There is no signing key yet: the service makes one when it starts.');
    if (rotation?.performedAt === null) console.log(`A rotation is pending since ${rotation.requestedAt}.`);
    if (rotateEveryDays !== null) console.log(`A new key signs every ${rotateEveryDays} days.`);
    return 0;
  },
};
