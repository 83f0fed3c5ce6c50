import { keyRevocationSchema, kidSchema } from '@/lib/contracts';
import { readEnv } from '@/lib/core';
import { revokeSigningKey } from '@/lib/signing-keys';
import { asCli } from '../cli-actor';
import { CliError, type Command, requiredOption } from '../command';
import { withDatabase } from '../database-access';
import { validate } from '../validate';

export const keysRevokeCommand: Command = {
  usage: 'KEY_ID --reason TEXT',
  help: ['KEY_ID    as countersign keys list prints it', '--reason  why, for the audit log'],
  options: { reason: { type: 'string' } },
  acceptsPositionals: true,
  run: async ({ installation, options, positionals }) => {
    const [kid, ...more] = positionals;
    if (kid === undefined || more.length > 0) throw new CliError('Name one key id.', 2);
    const input = validate(keyRevocationSchema.extend({ kid: kidSchema }), {
      kid,
      reason: requiredOption(options, 'reason'),
    });
    const { seq } = await withDatabase(readEnv(), installation, ({ urls }) =>
      asCli(urls.console, (ctx) => revokeSigningKey(ctx, input)),
    );
    console.log(`Revoked ${input.kid} (change ${seq}). Every token of it is refused.`);
    return 0;
  },
};
