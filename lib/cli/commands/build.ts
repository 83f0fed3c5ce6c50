import { ensureDataSet } from '@/lib/enrichment';
import { buildConsole } from '../build-console';
import type { Command } from '../command';

export const buildCommand: Command = {
  usage: '',
  help: [
    'Also compiles the address data sets, which the first start would do otherwise.',
    'The command and the attestation service need no build: their bundle is made when it is stale.',
  ],
  options: {},
  acceptsPositionals: false,
  run: async ({ installation }) => {
    // What is wrong with them is a warning of the service, at each start.
    await ensureDataSet().catch(() => undefined);
    await buildConsole(installation);
    return 0;
  },
};
