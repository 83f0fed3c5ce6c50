import type { z } from 'zod';
import { CliError } from './command';

/** As many problems as are told at once. */
const MOST_TOLD = 10;

/** Something wrong in what a person wrote. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Parses what a person wrote. @throws CliError naming each member that is wrong, with exit status 2. */
export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refusal(parsed.error.issues);
}

/** What is said of members that are wrong, with the path of each. */
export function refusal(issues: readonly Issue[]): CliError {
  const told = issues
    .slice(0, MOST_TOLD)
    .map(
      ({ path, message }) => `${path.map(String).join('.') || 'the input'}: ${message.replace(/\.$/, '')}`,
    );
  const more = issues.length > MOST_TOLD ? `; and ${issues.length - MOST_TOLD} more` : '';
  return new CliError(`${told.join('; ')}${more}.`, 2);
}
