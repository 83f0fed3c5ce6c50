import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { createStaff } from '@/lib/auth';
import { ROLES, staffCreationSchema } from '@/lib/contracts';
import { readEnv } from '@/lib/core';
import { asCli } from '../cli-actor';
import { type Command, requiredOption, textOption } from '../command';
import { withDatabase } from '../database-access';
import { validate } from '../validate';

const PASSWORD_BYTES = 15;

export const staffCreateCommand: Command = {
  usage: '--email ADDRESS --name NAME --role ROLE [--app ID] [--password-stdin]',
  help: [
    `--role            ${ROLES.join(', ')}`,
    '--app             limit the role to one app (the whole organisation)',
    '--password-stdin  read the password from standard input instead of making one',
  ],
  options: {
    email: { type: 'string' },
    name: { type: 'string' },
    role: { type: 'string' },
    app: { type: 'string' },
    'password-stdin': { type: 'boolean' },
  },
  acceptsPositionals: false,
  run: async ({ installation, options }) => {
    const given =
      options['password-stdin'] === true ? (await text(process.stdin)).replace(/\r?\n$/, '') : undefined;
    const password = given ?? randomBytes(PASSWORD_BYTES).toString('base64url');
    const input = validate(staffCreationSchema, {
      email: requiredOption(options, 'email'),
      name: requiredOption(options, 'name'),
      role: requiredOption(options, 'role'),
      appId: textOption(options, 'app') ?? null,
      password,
    });
    await withDatabase(readEnv(), installation, ({ urls }) =>
      asCli(urls.console, (ctx) => createStaff(ctx, input)),
    );
    console.log(`Created ${input.email} (${input.role}).`);
    if (given === undefined) console.log(`Password: ${password}`);
    return 0;
  },
};
