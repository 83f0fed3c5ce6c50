import { randomBytes } from 'node:crypto';
import { toBase64Url } from '@/lib/core';
import { type RowIdentity, sealRecord, sealSecret } from '@/lib/crypto';
import type { Database, Tx } from '@/lib/db';
import { type ArchivedEvidence, redactArchived } from '@/lib/evidence';
import { openArchived } from './archived';
import { answerExport, deleteOldExports, selectPolicy, takeExport, type WaitingExport } from './store';

/** The row that the answer to a request belongs to. */
export function exportIdentity(id: string): RowIdentity {
  return { table: 'case_exports', id };
}

/**
 * Answers every request for archived evidence that waits: opens it, takes out what identifies a person and is not needed,
 * and seals it to who asked. Of several nodes one answers each. Returns how many.
 */
export async function answerExports(db: Database, archiveKey: Uint8Array): Promise<number> {
  await deleteOldExports(db.orm);
  for (let answered = 0; ; answered++) {
    const isAnswered = await db.orm.transaction(async (tx) => {
      const waiting = await takeExport(tx);
      if (waiting === undefined) return false;
      await answerExport(tx, waiting.id, await answerOf(tx, archiveKey, waiting));
      return true;
    });
    if (!isAnswered) return answered;
  }
}

async function answerOf(
  tx: Tx,
  archiveKey: Uint8Array,
  { id, appId, eventId, publicJwk, sealed }: WaitingExport,
): Promise<{ sealedCase: string } | { failure: string }> {
  if (sealed === null) return { failure: 'evidence_not_archived' };
  const archived = openArchived(archiveKey, eventId, sealed);
  if (archived === undefined) return { failure: 'evidence_unreadable' };
  const policy = await selectPolicy(tx, appId, archived.app.policyVersion);
  const content = Buffer.from(JSON.stringify(caseFileOf(archived, policy)), 'utf8');
  // A case may be longer than a secret: it is sealed under a key of its own, and that to who asked.
  const key = randomBytes(32);
  const sealedKey = await sealSecret(publicJwk, key, exportIdentity(id));
  return { sealedCase: `${sealedKey}~${toBase64Url(sealRecord(key, content, exportIdentity(id)))}` };
}

/** A case file that `countersign evidence verify` replays. */
function caseFileOf(archived: ArchivedEvidence, policy: unknown) {
  const { archived: redacted, removed, kept } = redactArchived(archived);
  const { found, reference, receivedAtMs } = archived;
  return {
    case: reference,
    kind: 'countersign/attestation',
    about: `Attestation of ${new Date(receivedAtMs).toISOString()}; replay with: npx countersign evidence verify FILE`,
    redaction: { removed, kept },
    inputs: { archived: redacted, policy },
    expected: {
      result: found.verdict === 'trusted' ? 'accept' : 'reject',
      status: found.verdict,
      code: found.failure ?? found.decidingThreat,
    },
  };
}
