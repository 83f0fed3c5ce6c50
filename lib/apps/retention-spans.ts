import { RETENTION_FIELDS, type RetentionDays, type RetentionField } from '@/lib/contracts';
import type { StoredSince } from '@/lib/telemetry/queries';
import { SHORTEST_DAYS } from './retention-rules';

const DAY_MS = 86_400_000;

/** What a change of one field would delete: whole UTC days, in milliseconds since the epoch, the end exclusive. */
export interface ExpiringSpan {
  field: RetentionField;
  fromMs: number;
  toMs: number;
}

const STORED_AS: Readonly<Record<RetentionField, keyof StoredSince>> = {
  eventDays: 'events',
  minuteDays: 'minutes',
  hourDays: 'hours',
  addressDays: 'addresses',
};

/**
 * What is stored now, kept so far, and would be kept no longer; by field, where there is something. Addresses of events that
 * would be deleted themselves are not told of twice.
 */
export function expiringSpans(
  before: RetentionDays,
  after: RetentionDays,
  stored: StoredSince,
  nowMs: number,
): ExpiringSpan[] {
  const firstKept = (days: number) => dayOf(nowMs) - Math.max(SHORTEST_DAYS, days) * DAY_MS;
  return RETENTION_FIELDS.flatMap((field) => {
    const since = stored[STORED_AS[field]];
    const toMs = firstKept(after[field]);
    if (since === null || after[field] >= before[field]) return [];
    const kept = field === 'addressDays' ? Math.min(before.addressDays, after.eventDays) : before[field];
    const fromMs = Math.max(firstKept(kept), dayOf(since));
    return fromMs < toMs ? [{ field, fromMs, toMs }] : [];
  });
}

function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}
