import { auditActorOf, requirePermission, requireSomewhere, scopeApps, type VerbContext } from '@/lib/auth';
import {
  HARD_THREATS,
  type Quarantine,
  type QuarantineDraft,
  type QuarantineEnd,
  type QuarantineQuery,
  RULED_THREATS,
} from '@/lib/contracts';
import { AppError, newId } from '@/lib/core';
import { conditionWords } from '@/lib/words';
import { announce, lockApp } from './publish';
import {
  endIfActive,
  findQuarantine,
  insertQuarantine,
  type QuarantineRow,
  selectQuarantines,
  setSeq,
} from './quarantine-store';

const MOST_SHOWN = 200;
const NOT_DEMOTABLE: ReadonlySet<string> = new Set([...HARD_THREATS, ...RULED_THREATS]);

/** Quarantines of the apps that the reader may see. @throws AppError `permission_denied` */
export async function listQuarantines(
  { db, actor, clock }: VerbContext,
  { app, state }: QuarantineQuery,
): Promise<{ quarantines: Quarantine[] }> {
  const appIds = scopeApps(actor, 'policies.read', app);
  const which = { onlyActive: state === 'active', limit: MOST_SHOWN };
  const rows = await selectQuarantines(db.orm, appIds, which);
  return { quarantines: rows.map((row) => quarantineView(row, clock.nowMs())) };
}

/**
 * Demotes a threat to `observe` where a condition holds, on every node, until it ends by itself. `seq` proves enforcement.
 * @throws AppError `permission_denied`, `threat_not_demotable`, `app_not_found`
 */
export async function quarantineSignal(
  { db, actor, clock }: VerbContext,
  { appId, threat, when, reason, durationSeconds }: QuarantineDraft,
): Promise<Quarantine> {
  requirePermission(actor, 'policies.quarantine', appId);
  if (NOT_DEMOTABLE.has(threat)) {
    throw new AppError('threat_not_demotable', { fields: { threat: 'is always rejected, or is no signal' } });
  }
  return db.orm.transaction(async (tx) => {
    await lockApp(tx, appId);
    const id = newId(clock.nowMs());
    const by = { createdBy: actor.id, createdByName: actor.name };
    await insertQuarantine(
      tx,
      { id, appId, threat, condition: when, reason, ...by, seq: 0 },
      durationSeconds,
    );
    const seq = await announce(tx, auditActorOf(actor), appId, {
      ...{ action: 'signal.quarantine', targetKind: 'threat', targetId: threat, reason },
      detail: { quarantineId: id, when, durationSeconds },
    });
    await setSeq(tx, id, { seq });
    const row = await findQuarantine(tx, id);
    if (!row) throw new AppError('quarantine_not_found');
    return quarantineView(row, clock.nowMs());
  });
}

/**
 * Ends a quarantine before its time.
 * @throws AppError `permission_denied`, `quarantine_not_found`, `quarantine_already_ended`
 */
export async function endQuarantine(
  { db, actor, clock }: VerbContext,
  { id, reason }: QuarantineEnd,
): Promise<Quarantine> {
  requireSomewhere(actor, 'policies.quarantine');
  const known = await findQuarantine(db.orm, id);
  if (!known) throw new AppError('quarantine_not_found');
  requirePermission(actor, 'policies.quarantine', known.appId);
  return db.orm.transaction(async (tx) => {
    await lockApp(tx, known.appId);
    if (!(await endIfActive(tx, id, { byName: actor.name, reason }))) {
      throw new AppError('quarantine_already_ended');
    }
    const endSeq = await announce(tx, auditActorOf(actor), known.appId, {
      ...{ action: 'signal.release', targetKind: 'threat', targetId: known.threat, reason },
      detail: { quarantineId: id },
    });
    await setSeq(tx, id, { endSeq });
    return quarantineView((await findQuarantine(tx, id)) ?? known, clock.nowMs());
  });
}

function quarantineView(row: QuarantineRow, nowMs: number): Quarantine {
  const {
    id,
    appId,
    appName,
    threat,
    condition,
    reason,
    createdByName,
    endedByName,
    endReason,
    seq,
    endSeq,
  } = row;
  return {
    ...{ id, appId, appName, threat, reason, createdByName, endedByName, endReason, seq, endSeq },
    ...{ when: condition, whenWords: conditionWords(condition) },
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    active: row.endedAt === null && row.expiresAt.getTime() > nowMs,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
