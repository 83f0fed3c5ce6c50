import { setTimeout as sleep } from 'node:timers/promises';
import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, requireSomewhere, type VerbContext } from '@/lib/auth';
import { AppError, type ErrorCode, fromBase64Url, newId } from '@/lib/core';
import { createSealingKeyPair, openRecord, openSecret } from '@/lib/crypto';
import { explainAttestation } from '@/lib/telemetry/queries';
import { exportIdentity } from './answer-exports';
import { type ArchivedEvent, deleteExport, insertExport, selectAnswer } from './store';

const WAIT_MS = 8_000;
const LOOK_EVERY_MS = 100;

/** Why the service may refuse. */
const FAILURES: ReadonlySet<string> = new Set<ErrorCode>(['evidence_not_archived', 'evidence_unreadable']);

/** A case file and the name that it goes by. */
export interface ExportedCase {
  readonly name: string;
  readonly json: string;
}

/**
 * Exports the archived evidence of one attestation as a case file. Only the service can open the archive: it is asked
 * under a key that lives as long as this call, so that neither the console nor the database ever keeps what it says.
 * @throws AppError `permission_denied`, `event_not_found`, `evidence_not_archived`, `evidence_unreadable`,
 * `service_unavailable` where no node of the service answers
 */
export async function exportCase(ctx: VerbContext, input: { id: string }): Promise<ExportedCase> {
  requireSomewhere(ctx.actor, 'evidence.export');
  const { row, isEvidenceArchived } = await explainAttestation(ctx, input);
  requirePermission(ctx.actor, 'evidence.export', row.appId);
  if (!isEvidenceArchived) throw new AppError('evidence_not_archived');
  const event: ArchivedEvent = {
    appId: row.appId,
    subjectId: row.instanceId ?? row.id,
    receivedAt: row.receivedAt,
    eventId: row.id,
  };
  const { publicJwk, privateKey } = await createSealingKeyPair();
  const id = newId(ctx.clock.nowMs());
  await ctx.db.orm.transaction(async (tx) => {
    await insertExport(tx, id, event, publicJwk);
    await recordAudit(tx, auditActorOf(ctx.actor), {
      action: 'evidence.export',
      targetKind: 'attestation',
      targetId: row.id,
      appId: row.appId,
      detail: { reference: row.reference },
    });
  });
  try {
    const sealedCase = await awaitAnswer(ctx, id);
    const json = await openCase(privateKey, sealedCase, id);
    if (json === undefined) throw new AppError('evidence_unreadable');
    return { name: `case-${row.reference}.json`, json };
  } finally {
    await deleteExport(ctx.db.orm, id);
  }
}

async function awaitAnswer({ db }: Pick<VerbContext, 'db'>, id: string): Promise<string> {
  for (const endMs = performance.now() + WAIT_MS; performance.now() < endMs; ) {
    const answer = await selectAnswer(db.orm, id);
    if (answer === undefined) throw new AppError('evidence_not_archived');
    if (answer.sealedCase !== null) return answer.sealedCase;
    if (answer.failure !== null) {
      throw new AppError(
        FAILURES.has(answer.failure) ? (answer.failure as ErrorCode) : 'evidence_unreadable',
      );
    }
    await sleep(LOOK_EVERY_MS);
  }
  throw new AppError('service_unavailable');
}

async function openCase(
  privateKey: Parameters<typeof openSecret>[0],
  sealedCase: string,
  id: string,
): Promise<string | undefined> {
  const [sealedKey = '', content = ''] = sealedCase.split('~');
  const key = await openSecret(privateKey, sealedKey, exportIdentity(id));
  const sealed = fromBase64Url(content);
  if (!key.ok || sealed === undefined) return undefined;
  const opened = openRecord(key.plaintext, sealed, exportIdentity(id));
  if (opened === undefined) return undefined;
  return `${JSON.stringify(JSON.parse(opened.toString('utf8')), null, 2)}\n`;
}
