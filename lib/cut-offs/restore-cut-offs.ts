import { recordAudit } from '@/lib/audit';
import { appendChange } from '@/lib/changes';
import type { CutOffSnapshot } from '@/lib/contracts';
import type { Database } from '@/lib/db';
import { hasCutOff, insertCutOff, lockTarget } from './store';
import { cutOffView } from './view';

const SYSTEM = { kind: 'system', id: 'attestation-service', name: 'Attestation service' } as const;
const REASON = 'Made before the database was restored to an earlier state, and known to a node.';

/**
 * Writes cut-offs back that a restored database has forgotten and a node has not. Of several nodes one does it, each
 * cut-off in a transaction of its own; what is stored already is left alone. Gives how many were missing.
 */
export async function restoreCutOffs(db: Database, forgotten: readonly CutOffSnapshot[]): Promise<number> {
  let restored = 0;
  for (const cutOff of forgotten) if (await restoreCutOff(db, cutOff)) restored += 1;
  return restored;
}

function restoreCutOff(db: Database, cutOff: CutOffSnapshot): Promise<boolean> {
  const { id, scope, target, notBeforeSeconds } = cutOff;
  return db.orm.transaction(async (tx) => {
    await lockTarget(tx, scope, target);
    if (await hasCutOff(tx, cutOff)) return false;
    const seq = await appendChange(tx, 'cut_off', cutOff);
    const made = await insertCutOff(tx, {
      id,
      scope,
      target,
      appId: scope === 'app' ? target : null,
      notBefore: new Date(notBeforeSeconds * 1000),
      reason: REASON,
      createdBy: SYSTEM.id,
      createdByName: SYSTEM.name,
      seq,
    });
    await recordAudit(tx, SYSTEM, {
      action: 'cut_off.restore',
      targetKind: scope,
      targetId: target,
      appId: made.appId,
      reason: REASON,
      detail: { cutOffId: id, notBefore: cutOffView(made).notBefore },
      changeSeq: seq,
    });
    return true;
  });
}
