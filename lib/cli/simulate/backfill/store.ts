import type { Database } from '@/lib/db';

/** Makes the daily partitions from one instant to another. */
export async function ensurePartitions({ sql }: Database, fromMs: number, toMs: number): Promise<void> {
  await sql`
    select countersign_ensure_partitions(
      (to_timestamp(${fromMs}::float8 / 1000) at time zone 'UTC')::date,
      (to_timestamp(${toMs}::float8 / 1000) at time zone 'UTC')::date)`;
}

/** Whether an attestation has been recorded. */
export async function isRecorded(
  { sql }: Database,
  event: { readonly id: string; readonly subjectId: string; readonly atMs: number },
): Promise<boolean> {
  const rows = await sql`
    select 1 from attestation_events
    where subject_id = ${event.subjectId} and id = ${event.id}
      and received_at between to_timestamp((${event.atMs}::float8 - 1) / 1000)
        and to_timestamp((${event.atMs}::float8 + 1) / 1000)`;
  return rows.length > 0;
}
