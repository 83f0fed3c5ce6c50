import { readFile } from 'node:fs/promises';
import { checkRule } from '@/lib/appraisal';
import { type PolicySide, policySchema } from '@/lib/contracts';
import { readEnv } from '@/lib/core';
import { comparePolicies, readPolicyEditor, readPolicyVersion } from '@/lib/policies';
import { asCli } from '../cli-actor';
import { CliError, type Command, requiredOption, textOption } from '../command';
import { withDatabase } from '../database-access';
import { refusal, validate } from '../validate';

/** A policy out of a file; `-` is the standard input. @throws CliError where it is none that could be published, with paths and reasons */
export async function policyOfFile(file: string) {
  const text = await (file === '-' ? readStandardInput() : readFile(file, 'utf8')).catch(
    (error: NodeJS.ErrnoException) => {
      throw new CliError(`${file} cannot be read (${error.code ?? error.message}).`, 2);
    },
  );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CliError(`${file} is not JSON.`, 2);
  }
  const policy = validate(policySchema, value);
  const wrong = (policy.rules ?? []).flatMap(({ expression }, index) => {
    const { problem } = checkRule(expression);
    const place = problem && `characters ${problem.start} to ${problem.end}`;
    return problem === null
      ? []
      : { path: ['rules', index, 'expression'], message: `${problem.message} (${place})` };
  });
  if (wrong.length > 0) throw refusal(wrong);
  return policy;
}

async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text;
}

export const policyDiffCommand: Command = {
  usage: '--app ID [--file POLICY.json] [--from VERSION] [--print]',
  help: [
    '--file     the policy to compare with the one in force; - reads the standard input',
    '--from     compare with this version instead',
    '--print    print the policy of that side as JSON, and compare nothing',
    'Prints {"version", "changes"} as JSON. Exit status 1 where they differ, 0 where they do not.',
  ],
  options: {
    app: { type: 'string' },
    file: { type: 'string' },
    from: { type: 'string' },
    print: { type: 'boolean' },
  },
  acceptsPositionals: false,
  run: async ({ installation, options }) => {
    const id = requiredOption(options, 'app');
    const file = textOption(options, 'file');
    const isPrinted = options.print === true;
    if (isPrinted === (file !== undefined)) throw new CliError('Give either --file or --print.', 2);
    const policy = file === undefined ? undefined : await policyOfFile(file);
    const stated = textOption(options, 'from');
    const { version, from, changes } = await withDatabase(readEnv(), installation, ({ urls }) =>
      asCli(urls.console, async (ctx) => {
        const { inForce } = await readPolicyEditor(ctx, { id });
        const number = stated === undefined ? inForce.version : Number(stated);
        if (!Number.isInteger(number)) throw new CliError('--from must be the number of a version.', 2);
        const side: PolicySide = { version: number };
        const other: PolicySide = policy === undefined ? side : { policy };
        const diff = await comparePolicies(ctx, { id, from: side, to: other });
        const { policy: printed } =
          number === inForce.version ? inForce : await readPolicyVersion(ctx, { id, version: number });
        return { version: number, from: printed, changes: diff.changes };
      }),
    );
    console.log(JSON.stringify(isPrinted ? from : { version, changes }, null, 2));
    return isPrinted || changes.length === 0 ? 0 : 1;
  },
};
