import { readEnv } from '@/lib/core';
import type { Command } from '../command';
import { withDatabase } from '../database-access';

export const migrateCommand: Command = {
  usage: '',
  help: [
    'The database is the one that DATABASE_URL names, or else the embedded one.',
    'It may be in use: every migration keeps the version before it working.',
  ],
  options: {},
  acceptsPositionals: false,
  run: ({ installation }) =>
    withDatabase(readEnv(), installation, async ({ applied }) => {
      console.log(applied === 0 ? 'The database is up to date.' : `Applied ${applied} migrations.`);
      return 0;
    }),
};
