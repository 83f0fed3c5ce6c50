import { requirePermission, requireSomewhere, type VerbContext } from '@/lib/auth';
import { blocksOfTarget, isActive, standingOfRecord } from '@/lib/blocks';
import type { Explanation } from '@/lib/contracts';
import { AppError, parseReference } from '@/lib/core';
import type { Executor } from '@/lib/db';
import { decodeDetail } from '../detail';
import { findEventById, findEventByReference, hasArchivedEvidence, readHistory } from './events';

const HISTORY_MS = 30 * 86_400_000;
const SHOWN_BLOCKS = 20;

/**
 * One attestation, by its id or its reference, with everything that led to its verdict.
 * @throws AppError `permission_denied`, `event_not_found`
 */
export async function explainAttestation(
  { db, actor, clock }: VerbContext,
  input: { id: string },
): Promise<Explanation> {
  requireSomewhere(actor, 'telemetry.read');
  const reference = parseReference(input.id);
  const event =
    reference === undefined
      ? await findEventById(db.orm, input.id.toLowerCase())
      : await findEventByReference(db.orm, reference);
  if (!event) throw new AppError('event_not_found');
  requirePermission(actor, 'telemetry.read', event.row.appId);
  const { row, detail, ...facts } = event;
  const nowMs = clock.nowMs();
  const parsed = decodeDetail(detail, { ...row, decidingRule: facts.decidingRule });
  const [history, activeBlock, blocks, isEvidenceArchived] = await Promise.all([
    row.instanceId === null ? null : readHistory(db.orm, row.instanceId, nowMs - HISTORY_MS),
    row.instanceId === null ? null : findActiveBlock(db.orm, row.instanceId, nowMs),
    standingOfRecord(db.orm, parsed.blocks),
    hasArchivedEvidence(db.orm, row),
  ]);
  return { row, ...facts, detail: parsed, history, activeBlock, blocks, isEvidenceArchived };
}

async function findActiveBlock(
  db: Executor,
  instanceId: string,
  nowMs: number,
): Promise<Explanation['activeBlock']> {
  const newest = (await blocksOfTarget(db, instanceId, SHOWN_BLOCKS)).find(
    (block) => block.effect === 'refuse' && isActive(block, nowMs),
  );
  if (!newest) return null;
  return {
    id: newest.id,
    reason: newest.reason,
    createdByName: newest.createdByName,
    createdAt: newest.createdAt.toISOString(),
  };
}
