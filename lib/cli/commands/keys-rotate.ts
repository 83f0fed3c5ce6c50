import { rotationRequestSchema } from '@/lib/contracts';
import { readEnv } from '@/lib/core';
import { requestRotation } from '@/lib/signing-keys';
import { asCli } from '../cli-actor';
import { type Command, requiredOption } from '../command';
import { withDatabase } from '../database-access';
import { validate } from '../validate';

export const keysRotateCommand: Command = {
  usage: '--reason TEXT',
  help: ['--reason  why, for the audit log'],
  options: { reason: { type: 'string' } },
  acceptsPositionals: false,
  run: async ({ installation, options }) => {
    const input = validate(rotationRequestSchema, { reason: requiredOption(options, 'reason') });
    const { possibleAt } = await withDatabase(readEnv(), installation, ({ urls }) =>
      asCli(urls.console, (ctx) => requestRotation(ctx, input)),
    );
    console.log('Asked for a rotation, which the running service performs.');
    if (possibleAt !== null) console.log(`The next key may sign from ${possibleAt}.`);
    return 0;
  },
};
