import { requirePermission, type VerbContext } from '@/lib/auth';
import type { Retention, RetentionField } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { LONGEST_DAYS, SHORTEST_DAYS } from './retention-rules';
import { DEFAULT_RETENTION, findRetention, type StoredRetention } from './store';

/** For how long an app's telemetry is kept. @throws AppError `permission_denied`, `app_not_found` */
export async function readRetention({ db, actor }: VerbContext, input: { id: string }): Promise<Retention> {
  requirePermission(actor, 'apps.read', input.id);
  const stored = await findRetention(db.orm, input.id);
  if (!stored) throw new AppError('app_not_found');
  return retentionView(input.id, stored);
}

/** Retention as the console shows it. */
export function retentionView(id: string, { revision, days }: StoredRetention): Retention {
  const of = (field: RetentionField) => ({
    days: days[field],
    defaultDays: DEFAULT_RETENTION[field],
    shortestDays: SHORTEST_DAYS,
    longestDays: LONGEST_DAYS,
  });
  return {
    id,
    revision,
    fields: {
      eventDays: of('eventDays'),
      minuteDays: of('minuteDays'),
      hourDays: of('hourDays'),
      addressDays: of('addressDays'),
    },
  };
}
