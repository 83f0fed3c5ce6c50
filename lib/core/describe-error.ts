/** What may be logged of an error and of what caused it, outermost first. */
export interface DescribedError {
  name: string;
  code?: string;
  /** Where it arose, at most eight frames. */
  at: string[];
  cause?: DescribedError;
}

const MOST_FRAMES = 8;
const MOST_CAUSES = 4;

/**
 * What may be logged of an error: its kind, its code and where it arose. Not its message: the database's errors carry the
 * parameters of the query, among which are addresses and password hashes.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { name: typeof error, at: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const hasCause = error.cause !== undefined && depth < MOST_CAUSES;
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    at: frames.slice(0, MOST_FRAMES).map((line) => line.trim()),
    ...(hasCause ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}
