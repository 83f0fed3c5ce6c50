import type { ParseArgsConfig } from 'node:util';

/** Where the product is installed, and the bundle that is running. Both are absolute paths. */
export interface Installation {
  root: string;
  bundle: string;
}

/** Values of options as `node:util` parses them. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

/** What a command is given to run. */
export interface Invocation {
  installation: Installation;
  options: OptionValues;
  positionals: readonly string[];
}

/** One command of the CLI. `run` gives the exit status, or throws an error whose message is for the person. */
export interface Command {
  /** What follows the command's name, e.g. `CASE.json…`. */
  usage: string;
  /** More lines of help. */
  help: readonly string[];
  options: NonNullable<ParseArgsConfig['options']>;
  acceptsPositionals: boolean;
  run(invocation: Invocation): Promise<number>;
}

/** Something that the person who typed the command can put right. Its message is one line. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitStatus = 1,
  ) {
    super(message);
    this.name = 'CliError';
  }
}

/** The value of a text option, or nothing. */
export function textOption(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** The value of a text option that must be there. @throws CliError naming it, with exit status 2. */
export function requiredOption(options: OptionValues, name: string): string {
  const value = textOption(options, name);
  if (value === undefined || value === '') throw new CliError(`--${name} is missing.`, 2);
  return value;
}
