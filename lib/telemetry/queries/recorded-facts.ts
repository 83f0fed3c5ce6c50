import { and, eq } from 'drizzle-orm';
import { attestationEvents } from '@/drizzle/schema';
import type { VerbContext } from '@/lib/auth';
import { readsOf } from './reads';

const COLUMNS = {
  reference: attestationEvents.reference,
  receivedAt: attestationEvents.receivedAt,
  platform: attestationEvents.platform,
  osVersion: attestationEvents.osVersion,
  appVersion: attestationEvents.appVersion,
  model: attestationEvents.model,
  country: attestationEvents.country,
  networkKind: attestationEvents.networkKind,
  facts: attestationEvents.facts,
};

/** What one attestation was judged by, as stored. */
export type RecordedAttestation = {
  [Column in keyof typeof COLUMNS]: (typeof attestationEvents.$inferSelect)[Column];
};

/** An attestation of an app by its id, which begins with the moment at which it was received. */
export async function findRecordedFacts(
  ctx: Pick<VerbContext, 'db' | 'replica'>,
  appId: string,
  id: string,
): Promise<RecordedAttestation | undefined> {
  // Of a UUIDv7: so that one day is read and not all.
  const receivedAt = new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
  if (Number.isNaN(receivedAt.getTime())) return undefined;
  const [row] = await readsOf(ctx)
    .select(COLUMNS)
    .from(attestationEvents)
    .where(
      and(
        eq(attestationEvents.appId, appId),
        eq(attestationEvents.receivedAt, receivedAt),
        eq(attestationEvents.id, id),
      ),
    );
  return row;
}
