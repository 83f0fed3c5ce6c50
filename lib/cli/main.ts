import { parseArgs } from 'node:util';
import { CliError, type Command, type Installation } from './command';
import { COMMANDS, type CommandEntry } from './commands';

/**
 * Runs one command line and gives its exit status: 0 done, 1 failed with one clear line on standard error, 2 the
 * command line itself is wrong.
 */
export async function main(args: readonly string[], installation: Installation): Promise<number> {
  const [first = 'help'] = args;
  if (first === 'help' || first === '--help' || first === '-h') {
    console.log(overview());
    return 0;
  }
  const entry = COMMANDS.find(({ name }) => name.split(' ').every((word, index) => args[index] === word));
  if (!entry) {
    console.error(`countersign: there is no command "${args.join(' ')}". See countersign --help.`);
    return 2;
  }
  try {
    return await runCommand(entry, args.slice(entry.name.split(' ').length), installation);
  } catch (error) {
    for (const line of await linesOf(error)) console.error(`countersign: ${line}`);
    return error instanceof CliError ? error.exitStatus : 1;
  }
}

async function runCommand(entry: CommandEntry, args: string[], installation: Installation): Promise<number> {
  const command = await entry.load();
  const { values, positionals } = parse(entry, command, args);
  if (values.help === true) {
    console.log(helpOf(entry, command));
    return 0;
  }
  return command.run({ installation, options: values as Record<string, string | boolean>, positionals });
}

/** One key id in 64 (a thumbprint in base64url) begins with a dash. No option is as long. */
const DASHED_KEY_ID = /^-[\w-]{42}$/;

/** The arguments with such a key id after "--", behind which nothing is taken for an option. */
function withDashedKeyIdLast(args: string[]): string[] {
  const id = args.find((arg) => DASHED_KEY_ID.test(arg));
  return id === undefined || args.includes('--') ? args : [...args.filter((arg) => arg !== id), '--', id];
}

function parse(entry: CommandEntry, command: Command, args: string[]) {
  try {
    return parseArgs({
      args: withDashedKeyIdLast(args),
      options: { ...command.options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: command.acceptsPositionals,
      strict: true,
    });
  } catch (error) {
    const problem = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new CliError(`${problem}. See countersign ${entry.name} --help.`, 2);
  }
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return ['Usage: countersign COMMAND [options]', '', ...lines, '', 'COMMAND --help tells more.'].join('\n');
}

function helpOf({ name, summary }: CommandEntry, { usage, help }: Command): string {
  return [
    `Usage: countersign ${name} ${usage}`.trimEnd(),
    '',
    summary,
    ...(help.length ? ['', ...help] : []),
  ].join('\n');
}

/** An error as lines for people; unexpected ones with their stack where `COUNTERSIGN_LOG_LEVEL` is `debug`. */
async function linesOf(error: unknown): Promise<readonly string[]> {
  const { AppError, EnvError } = await import('@/lib/core');
  if (error instanceof EnvError) return error.problems;
  if (error instanceof AppError) {
    const fields = Object.entries(error.fields ?? {}).filter(([, problem]) => problem !== error.message);
    return [[error.message, ...fields.map(([field, problem]) => `(${field}: ${problem})`)].join(' ')];
  }
  if (!(error instanceof Error)) return [String(error)];
  return process.env.COUNTERSIGN_LOG_LEVEL === 'debug' && !(error instanceof CliError)
    ? [error.stack ?? error.message]
    : [error.message.split('\n')[0] ?? error.name];
}
