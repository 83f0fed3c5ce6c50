import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBundle } from '../bundle.js';
import type { Installation } from '../command';

/** A command that runs, with what it has printed so far. */
export interface RunningCli {
  child: ChildProcess;
  output(): string;
  errors(): string;
  /** Resolves once standard output holds the text. @throws Error where the command ends before. */
  said(text: string): Promise<void>;
  /** Resolves with the exit status. */
  ended: Promise<number | null>;
}

/** Runs the real command line on another installation, with these variables and no other `COUNTERSIGN_*`. */
export async function runCli(
  args: readonly string[],
  installation: Installation,
  variables: Readonly<Record<string, string>>,
): Promise<RunningCli> {
  const bundle = await ensureBundle(process.cwd());
  const program = `import(${JSON.stringify(pathToFileURL(path.join(bundle, 'cli.mjs')).href)})
    .then(({ main }) => main(${JSON.stringify(args)}, ${JSON.stringify(installation)}))
    .then((status) => { process.exitCode = status; });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: installation.root,
    env: { NODE_ENV: 'test', PATH: process.env.PATH, HOME: process.env.HOME, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return follow(child);
}

function follow(child: ChildProcess): RunningCli {
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  let isOver = false;
  ended.then(() => {
    isOver = true;
  });
  return {
    child,
    output: () => output,
    errors: () => errors,
    ended,
    said: async (text) => {
      while (!output.includes(text)) {
        if (isOver) throw new Error(`The command ended without saying "${text}":\n${output}${errors}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}
