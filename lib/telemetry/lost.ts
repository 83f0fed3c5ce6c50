/** SQLSTATE that `countersign_require_all_won` raises. */
const SOMEONE_LOST = 'CS001';
const DEADLOCK = '40P01';
const UNIQUE_VIOLATION = '23505';

/** Whether a statement wrote nothing because someone else had a part of what it would have taken. */
export function hasLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, constraint_name: constraint } = error as { code?: unknown; constraint_name?: unknown };
  if (code === UNIQUE_VIOLATION) return constraint === 'consumed_challenges_pkey';
  return code === SOMEONE_LOST || code === DEADLOCK;
}
