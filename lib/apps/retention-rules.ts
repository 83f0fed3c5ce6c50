import { RETENTION_FIELDS, type RetentionDays, type RetentionField } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { LONGEST_WINDOW_DAYS } from '@/lib/telemetry/queries';

/** Today and yesterday are never deleted, whatever an app says. */
export const SHORTEST_DAYS = 1;
/** No page looks further back. */
export const LONGEST_DAYS = LONGEST_WINDOW_DAYS;

/** What counts by the hour have to outlast, and why. */
const WITHIN_HOURS = [
  { field: 'eventDays', why: 'single events, which lists find by them' },
  { field: 'minuteDays', why: 'counts by the minute' },
] as const;

/**
 * What is wrong with a new retention, by field. What stays as it is, is not complained of: an operator may have set it
 * by hand.
 */
export function retentionProblems(before: RetentionDays, after: RetentionDays): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const field of RETENTION_FIELDS) {
    const problem = after[field] === before[field] ? undefined : boundsProblem(after[field]);
    if (problem !== undefined) problems[field] = problem;
  }
  for (const { field, why } of WITHIN_HOURS) {
    if (after.hourDays >= after[field]) continue;
    if (after.hourDays !== before.hourDays) {
      problems.hourDays ??= `must be at least ${after[field]}, as for ${why}`;
    } else if (after[field] !== before[field]) {
      problems[field] ??= `must be at most ${after.hourDays}, as for counts by the hour`;
    }
  }
  return problems;
}

/** Refuses what `retentionProblems` complains of. @throws AppError `request_invalid`, naming each field */
export function requireAllowedRetention(before: RetentionDays, after: RetentionDays): void {
  const fields = retentionProblems(before, after);
  if (Object.keys(fields).length > 0) throw new AppError('request_invalid', { fields });
}

function boundsProblem(days: number): string | undefined {
  if (days < SHORTEST_DAYS) return `must be at least ${SHORTEST_DAYS}: yesterday is always kept`;
  if (days > LONGEST_DAYS) return `must be at most ${LONGEST_DAYS}: no page looks further back`;
  return undefined;
}

/** What would be kept for less long. */
export function loweredFields(before: RetentionDays, after: RetentionDays): RetentionField[] {
  return RETENTION_FIELDS.filter((field) => after[field] < before[field]);
}
