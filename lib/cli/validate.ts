import type { z } from 'zod';
import { CliError } from './command';

/** Parses what a person wrote. @throws CliError naming the first member that is wrong, with exit status 2. */
export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.map(String).join('.') || 'the input';
  throw new CliError(`${where}: ${issue?.message ?? 'is not valid'}.`, 2);
}
