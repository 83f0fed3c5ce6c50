import {
  type CutOffRequest,
  type CutOffScope,
  cutOffRequestSchema,
  ORGANISATION_TARGET,
} from '@/lib/contracts';
import { readEnv } from '@/lib/core';
import { cutOff, readCutOffs } from '@/lib/cut-offs';
import { asCli } from '../cli-actor';
import { CliError, type Command, type OptionValues, requiredOption, textOption } from '../command';
import { withDatabase } from '../database-access';
import { validate } from '../validate';

/** The option that names a target of each scope. */
const OPTION_OF_SCOPE: Readonly<Record<Exclude<CutOffScope, 'organisation'>, string>> = {
  app: 'app',
  api: 'api',
  signing_key: 'key',
  instance: 'device',
};

export const cutOffCommand: Command = {
  usage: '--all | --app ID | --api ID | --key KEY_ID | --device ID  --reason TEXT [--before TIME]',
  help: [
    '--all      every token of the organisation',
    '--app      tokens of an app; --api: those that are presented to an API; --key: of a signing key;',
    '--device   those of one device instance',
    '--before   refuse tokens that were issued before this time (RFC 3339); now, if it is absent',
    '--reason   why, for the audit log',
  ],
  options: {
    all: { type: 'boolean' },
    app: { type: 'string' },
    api: { type: 'string' },
    key: { type: 'string' },
    device: { type: 'string' },
    before: { type: 'string' },
    reason: { type: 'string' },
  },
  acceptsPositionals: false,
  run: async ({ installation, options }) => {
    const input: CutOffRequest = validate(cutOffRequestSchema, {
      ...targetOf(options),
      notBefore: textOption(options, 'before') ?? null,
      reason: requiredOption(options, 'reason'),
    });
    const { made, devices } = await withDatabase(readEnv(), installation, ({ urls }) =>
      asCli(urls.console, async (ctx) => {
        const { scope, target, notBefore } = input;
        const before = await readCutOffs(ctx, {
          scope,
          target,
          ...(notBefore === null ? {} : { notBefore }),
        });
        return { made: await cutOff(ctx, input), devices: before.devices };
      }),
    );
    console.log(`Tokens that were issued before ${made.notBefore} are refused (change ${made.seq}).`);
    console.log(`${devices} devices held one, and have to attest once more.`);
    return 0;
  },
};

/** The one target that the options name. @throws CliError where they name none, or several */
function targetOf(options: OptionValues): Pick<CutOffRequest, 'scope' | 'target'> {
  const named: Pick<CutOffRequest, 'scope' | 'target'>[] = [];
  if (options.all === true) named.push({ scope: 'organisation', target: ORGANISATION_TARGET });
  for (const [scope, option] of Object.entries(OPTION_OF_SCOPE)) {
    const target = textOption(options, option);
    if (target !== undefined) named.push({ scope: scope as CutOffScope, target });
  }
  const [only, ...more] = named;
  if (only === undefined || more.length > 0) {
    throw new CliError('Name one of --all, --app, --api, --key and --device.', 2);
  }
  return only;
}
