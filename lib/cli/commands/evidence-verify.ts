import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseCase } from '@/lib/evidence';
import { CliError, type Command } from '../command';
import { type CaseResult, judgeCase, unusableCase } from '../verify-case';

export const evidenceVerifyCommand: Command = {
  usage: 'CASE.json…',
  help: [
    'Prints one line of JSON per case: {"case","result","code","verified","status","claims","checks","basis"}.',
    'result is "accept" only where the evidence verified and the policy trusts it, else "reject"; "error" where the',
    'case itself is unusable. A case that the console exported is judged by the policy that judged it, any other by',
    'the built-in strict one; basis says so. Nothing is looked up: clock, anchors and lists come from the case.',
    '',
    'Exit status: 0 every case got a result, 2 a file could not be read.',
  ],
  options: {},
  acceptsPositionals: true,
  run: async ({ positionals }) => {
    if (positionals.length === 0) throw new CliError('Name at least one case file.', 2);
    let status = 0;
    for (const file of positionals) {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        console.error(`countersign: ${file} cannot be read (${error.code ?? error.message}).`);
        return undefined;
      });
      if (text === undefined) status = 2;
      else console.log(JSON.stringify(await verifyCaseFile(file, text)));
    }
    return status;
  },
};

async function verifyCaseFile(file: string, text: string): Promise<CaseResult> {
  const name = path.basename(file, '.json');
  const json = parseJson(text);
  if (json === undefined) return unusableCase(name, 'case_malformed');
  const parsed = parseCase(json);
  if (!parsed.ok) return unusableCase(parsed.case || name, parsed.code);
  const contents = new Map<string, Uint8Array>();
  for (const needed of parsed.files) {
    const content = await readFile(path.resolve(path.dirname(file), needed)).catch(() => undefined);
    if (content) contents.set(needed, content);
  }
  return judgeCase(name, parsed.run(contents), Date.now());
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
