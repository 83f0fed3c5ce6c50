import { buildConsole } from '../build-console';
import type { Command } from '../command';

export const buildCommand: Command = {
  usage: '',
  help: ['The command and the attestation service need no build: their bundle is made when it is stale.'],
  options: {},
  acceptsPositionals: false,
  run: async ({ installation }) => {
    await buildConsole(installation);
    return 0;
  },
};
