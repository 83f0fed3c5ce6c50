import { openRecord, type RowIdentity, sealRecord } from '@/lib/crypto';
import { type ArchivedEvidence, archivedEvidenceSchema } from '@/lib/evidence';

function identityOf(eventId: string): RowIdentity {
  return { table: 'archived_evidence', id: eventId };
}

/** Seals what is archived of an event. Synchronous, because it happens while the event is settled. */
export function sealArchived(key: Uint8Array, eventId: string, archived: ArchivedEvidence): Buffer {
  return sealRecord(key, Buffer.from(JSON.stringify(archived), 'utf8'), identityOf(eventId));
}

/** Opens what was archived of an event; `undefined` where it is not that, or was sealed under another key. */
export function openArchived(
  key: Uint8Array,
  eventId: string,
  sealed: Uint8Array,
): ArchivedEvidence | undefined {
  const opened = openRecord(key, sealed, identityOf(eventId));
  if (opened === undefined) return undefined;
  try {
    const parsed = archivedEvidenceSchema.safeParse(JSON.parse(opened.toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  } finally {
    opened.fill(0);
  }
}
