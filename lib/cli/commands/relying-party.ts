import { z } from 'zod';
import { relyingPartyDraftSchema, relyingPartyRemovalSchema } from '@/lib/contracts';
import { readEnv } from '@/lib/core';
import { listRelyingParties, registerRelyingParty, removeRelyingParty } from '@/lib/relying-parties';
import { asCli } from '../cli-actor';
import { CliError, type Command, requiredOption } from '../command';
import { withDatabase } from '../database-access';
import { validate } from '../validate';

export const relyingPartyListCommand: Command = {
  usage: '',
  help: ['Each with its processes: when they were last heard of, and whether they apply the newest list.'],
  options: {},
  acceptsPositionals: false,
  run: async ({ installation }) => {
    const { relyingParties } = await withDatabase(readEnv(), installation, ({ urls }) =>
      asCli(urls.console, listRelyingParties),
    );
    for (const { id, name, apiId, replicas } of relyingParties) {
      console.log(`${id}  ${apiId}  ${name}`);
      for (const { replica, alive, current, lastSeenAt } of replicas) {
        const standing = alive ? (current ? 'current' : 'behind') : 'away';
        console.log(`  ${replica}  ${standing.padEnd(7)}  last heard of ${lastSeenAt}`);
      }
      if (replicas.length === 0) console.log('  never heard of');
    }
    if (relyingParties.length === 0) console.log('No relying party is registered.');
    return 0;
  },
};

export const relyingPartyCreateCommand: Command = {
  usage: '--name TEXT --api ID',
  help: [
    '--name  who it is, as proofs of propagation list it',
    '--api   the protected API that it stands before',
    '',
    'Prints the credential, alone on the last line. Nothing else ever shows it: only a hash is kept.',
  ],
  options: { name: { type: 'string' }, api: { type: 'string' } },
  acceptsPositionals: false,
  run: async ({ installation, options }) => {
    const draft = validate(relyingPartyDraftSchema, {
      name: requiredOption(options, 'name'),
      apiId: requiredOption(options, 'api'),
    });
    const made = await withDatabase(readEnv(), installation, ({ urls }) =>
      asCli(urls.console, (ctx) => registerRelyingParty(ctx, draft)),
    );
    console.log(`Registered ${made.name} for ${made.apiId} as ${made.id}. Its credential:`);
    console.log(made.credential);
    return 0;
  },
};

export const relyingPartyRevokeCommand: Command = {
  usage: 'ID --reason TEXT',
  help: [
    'ID        as countersign relying-party list prints it',
    '--reason  why, for the audit log',
    '',
    'Its credential names nobody any more, and no proof waits for it. To replace a credential, create another first.',
  ],
  options: { reason: { type: 'string' } },
  acceptsPositionals: true,
  run: async ({ installation, options, positionals }) => {
    const [id, ...more] = positionals;
    if (id === undefined || more.length > 0) throw new CliError('Name one relying party.', 2);
    const input = validate(relyingPartyRemovalSchema.extend({ id: z.uuid('is no id of a relying party') }), {
      id,
      reason: requiredOption(options, 'reason'),
    });
    const { seq } = await withDatabase(readEnv(), installation, ({ urls }) =>
      asCli(urls.console, (ctx) => removeRelyingParty(ctx, input)),
    );
    console.log(`Revoked the credential of ${id} (change ${seq}).`);
    return 0;
  },
};
