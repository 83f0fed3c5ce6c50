import { rolloutStartSchema } from '@/lib/contracts';
import { readEnv } from '@/lib/core';
import { diffPolicies, publishPolicy, readPolicyEditor, savePolicyDraft, startRollout } from '@/lib/policies';
import { asCli } from '../cli-actor';
import { CliError, type Command, requiredOption, textOption } from '../command';
import { withDatabase } from '../database-access';
import { policyOfFile } from './policy-diff';

export const policyApplyCommand: Command = {
  usage: '--app ID --file POLICY.json --reason TEXT [--based-on VERSION] [--staged]',
  help: [
    '--file       the policy, as JSON; - reads the standard input',
    '--reason     why, for the audit log',
    '--based-on   fail unless this version is in force; without it, whichever is',
    '--staged     save it as the draft and begin a rollout, which only observes at first',
    'Prints {"version", "changes", "rollout"} as JSON. A policy that is in force already changes nothing.',
  ],
  options: {
    app: { type: 'string' },
    file: { type: 'string' },
    reason: { type: 'string' },
    'based-on': { type: 'string' },
    staged: { type: 'boolean' },
  },
  acceptsPositionals: false,
  run: async ({ installation, options }) => {
    const id = requiredOption(options, 'app');
    const policy = await policyOfFile(requiredOption(options, 'file'));
    const reason = requiredOption(options, 'reason');
    const stated = textOption(options, 'based-on');
    const outcome = await withDatabase(readEnv(), installation, ({ urls }) =>
      asCli(urls.console, async (ctx) => {
        const { inForce, draft } = await readPolicyEditor(ctx, { id });
        const basedOn = stated === undefined ? inForce.version : Number(stated);
        if (!Number.isInteger(basedOn)) throw new CliError('--based-on must be the number of a version.', 2);
        const changes = diffPolicies(inForce.policy, policy);
        if (changes.length === 0) return { version: inForce.version, changes, rollout: null };
        if (options.staged !== true) {
          const { version } = await publishPolicy(ctx, { appId: id, basedOn, policy, reason });
          return { version, changes, rollout: null };
        }
        if (draft !== null) {
          throw new CliError(`${draft.updatedBy} is editing a draft of this app; it is left as it is.`);
        }
        const { revision } = await savePolicyDraft(ctx, { id, revision: 0, basedOn, policy });
        const rollout = await startRollout(ctx, rolloutStartSchema.parse({ id, revision, reason }));
        return { version: rollout.version, changes, rollout: rollout.id };
      }),
    );
    console.log(JSON.stringify(outcome, null, 2));
    return 0;
  },
};
