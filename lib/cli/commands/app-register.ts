import { readFile } from 'node:fs/promises';
import { registerApi, registerApp } from '@/lib/apps';
import { type AppRegistration, apiRegistrationSchema, appRegistrationSchema } from '@/lib/contracts';
import { readEnv } from '@/lib/core';
import { asCli } from '../cli-actor';
import { CliError, type Command, type OptionValues, requiredOption, textOption } from '../command';
import { withDatabase } from '../database-access';
import { validate } from '../validate';

/** What a file or the options need not say. */
const DEFAULTS: Partial<AppRegistration> = {
  environment: 'production',
  appleTeamId: null,
  appleBundleIds: [],
  appleEnvironments: ['production'],
  androidPackages: [],
  androidSignerDigests: [],
  trustAnchors: [],
  versions: [],
  policyTemplate: 'balanced',
};

export const appRegisterCommand: Command = {
  usage: '--file APP.json | --id ID --name NAME [options]',
  help: [
    '--file             a registration in JSON, with the members that the console asks for',
    '--environment      production (default) or development',
    '--apple-team       team id, with --apple-bundles ID,…',
    '--android-packages NAME,… with --android-signers SHA-256 in hex,…',
    '--versions         ios:5.4.0,android:5.4.0,…',
    '--policy           permissive, balanced (default) or strict',
    '--api              also register a protected API with this id, with --api-mode observe (default) or enforce',
  ],
  options: Object.fromEntries(
    [
      'file',
      'id',
      'name',
      'environment',
      'apple-team',
      'apple-bundles',
      'android-packages',
      'android-signers',
      'versions',
      'policy',
      'api',
      'api-mode',
    ].map((name) => [name, { type: 'string' as const }]),
  ),
  acceptsPositionals: false,
  run: async ({ installation, options }) => {
    const file = textOption(options, 'file');
    const stated = file === undefined ? fromOptions(options) : await fromFile(file);
    const app = validate(appRegistrationSchema, { ...DEFAULTS, ...stated });
    const apiId = textOption(options, 'api');
    const mode = textOption(options, 'api-mode');
    const api =
      apiId === undefined
        ? undefined
        : validate(apiRegistrationSchema, {
            id: apiId,
            name: apiId,
            appIds: [app.id],
            ...(mode ? { mode } : {}),
          });
    await withDatabase(readEnv(), installation, ({ urls }) =>
      asCli(urls.console, async (ctx) => {
        await registerApp(ctx, app);
        if (api) await registerApi(ctx, api);
      }),
    );
    console.log(`Registered ${app.id}${api ? ` and the API ${api.id} (${api.mode})` : ''}.`);
    return 0;
  },
};

async function fromFile(file: string): Promise<object> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError(`${file} cannot be read (${error.code ?? error.message}).`, 2);
  });
  try {
    return JSON.parse(text) as object;
  } catch {
    throw new CliError(`${file} is not JSON.`, 2);
  }
}

function fromOptions(options: OptionValues): Record<string, unknown> {
  const entries: [string, unknown][] = [
    ['id', requiredOption(options, 'id')],
    ['name', requiredOption(options, 'name')],
    ['environment', textOption(options, 'environment')],
    ['appleTeamId', textOption(options, 'apple-team')],
    ['appleBundleIds', list(options, 'apple-bundles')],
    ['androidPackages', list(options, 'android-packages')],
    ['androidSignerDigests', list(options, 'android-signers')],
    ['versions', list(options, 'versions')?.map(versionOf)],
    ['policyTemplate', textOption(options, 'policy')],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function list(options: OptionValues, name: string): string[] | undefined {
  return textOption(options, name)
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function versionOf(text: string): { platform: string; version: string } {
  const [platform = '', version = ''] = text.split(':', 2);
  return { platform, version };
}
