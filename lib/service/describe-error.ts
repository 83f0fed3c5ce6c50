const FRAMES = 8;

/** The code that an error, or what caused it, carries: a system error's, or Postgres' SQLSTATE. */
export function codeOfError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOfError(error.cause);
}

/** What may be logged of an error: its kind, its code and where it arose; not its message, which may quote a client. */
export function describeError(error: unknown): Record<string, unknown> | undefined {
  if (error === undefined) return undefined;
  if (!(error instanceof Error)) return { name: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return {
    name: error.name,
    code: codeOfError(error),
    at: frames.slice(0, FRAMES).map((line) => line.trim()),
  };
}
