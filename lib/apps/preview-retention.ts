import { requirePermission, type VerbContext } from '@/lib/auth';
import type { RetentionEffect, RetentionProposal } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { countWithin, readStoredSince } from '@/lib/telemetry/queries';
import { loweredFields, requireAllowedRetention } from './retention-rules';
import { type ExpiringSpan, expiringSpans } from './retention-spans';
import { findRetention } from './store';

const DAY_MS = 86_400_000;

/**
 * What setting this retention would delete of what is stored now: the days as they are stored, the numbers as they were
 * counted on them. Changes nothing.
 * @throws AppError `permission_denied`, `app_not_found`, `edit_conflict`, `request_invalid`
 */
export async function previewRetention(
  ctx: VerbContext,
  { id, basedOn, ...after }: RetentionProposal & { id: string },
): Promise<RetentionEffect> {
  requirePermission(ctx.actor, 'apps.write', id);
  const stored = await findRetention(ctx.db.orm, id);
  if (!stored) throw new AppError('app_not_found');
  if (stored.revision !== basedOn) throw new AppError('edit_conflict');
  requireAllowedRetention(stored.days, after);
  const lowered = loweredFields(stored.days, after);
  if (lowered.length === 0) return { lowered, goes: [] };
  const since = await readStoredSince(ctx, id);
  const spans = expiringSpans(stored.days, after, since, ctx.clock.nowMs());
  return { lowered, goes: await Promise.all(spans.map((span) => counted(ctx, id, span))) };
}

async function counted(
  ctx: VerbContext,
  id: string,
  span: ExpiringSpan,
): Promise<RetentionEffect['goes'][number]> {
  const { attestations, refusedRequests } = await countWithin(ctx, id, span);
  const holdsEvents = span.field === 'eventDays' || span.field === 'addressDays';
  return {
    field: span.field,
    firstDay: dayText(span.fromMs),
    lastDay: dayText(span.toMs - DAY_MS),
    days: (span.toMs - span.fromMs) / DAY_MS,
    attestations,
    refusedRequests: holdsEvents ? refusedRequests : null,
  };
}

function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
