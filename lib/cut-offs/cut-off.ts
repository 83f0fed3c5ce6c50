import { recordAudit } from '@/lib/audit';
import { type Actor, auditActorOf, requireSomewhere, type VerbContext } from '@/lib/auth';
import { appendChange } from '@/lib/changes';
import type { CutOffRequest, CutOffView } from '@/lib/contracts';
import { AppError, newId } from '@/lib/core';
import type { Tx } from '@/lib/db';
import { databaseNowMs, insertCutOff, lockTarget, selectCutOffs } from './store';
import { type CutOffTarget, requireTarget } from './target';
import { cutOffSnapshot, cutOffView } from './view';

/**
 * Refuses every token of a target that was issued before a moment, which is rounded up to its second: `iat` knows no
 * less. It is never taken back, only followed by a later one; the answer's `seq` proves enforcement.
 * @throws AppError `permission_denied`, `request_invalid` for a moment in the future, `cut_off_not_later` where one is in
 * force that refuses as much, `app_not_found`, `api_not_found`, `instance_not_found`, `signing_key_not_found`
 */
export async function cutOff({ db, actor }: VerbContext, input: CutOffRequest): Promise<CutOffView> {
  requireSomewhere(actor, 'cut_offs.write');
  const found = await requireTarget(db.orm, actor, 'cut_offs.write', input);
  return db.orm.transaction((tx) => cutOffInside(tx, actor, found, input));
}

/**
 * The same in the caller's transaction, for a target that the caller has found and may cut off. Nothing but what carries the
 * change's number may follow it: the feed's counter is locked from here on.
 */
export async function cutOffInside(
  tx: Tx,
  actor: Actor,
  { scope, target, apps }: CutOffTarget,
  input: Pick<CutOffRequest, 'notBefore' | 'reason'>,
): Promise<CutOffView> {
  await lockTarget(tx, scope, target);
  const notBefore = wholeSecond(input.notBefore, await databaseNowMs(tx));
  const [latest] = await selectCutOffs(tx, scope, target, 1);
  if (latest && latest.notBefore >= notBefore) throw new AppError('cut_off_not_later');
  const id = newId(notBefore.getTime());
  const seq = await appendChange(tx, 'cut_off', cutOffSnapshot({ id, scope, target, notBefore }));
  const appId = apps?.length === 1 ? (apps[0] ?? null) : null;
  const made = await insertCutOff(tx, {
    id,
    scope,
    target,
    appId,
    notBefore,
    reason: input.reason,
    createdBy: actor.id,
    createdByName: actor.name,
    seq,
  });
  await recordAudit(tx, auditActorOf(actor), {
    action: 'cut_off.create',
    targetKind: scope,
    targetId: target,
    appId,
    reason: input.reason,
    detail: { cutOffId: id, notBefore: notBefore.toISOString() },
    changeSeq: seq,
  });
  return cutOffView(made);
}

/** The first whole second that is not before a moment, now where none is given. @throws AppError `request_invalid` */
function wholeSecond(moment: string | null, nowMs: number): Date {
  const latestMs = Math.ceil(nowMs / 1000) * 1000;
  const wantedMs = moment === null ? latestMs : Math.ceil(Date.parse(moment) / 1000) * 1000;
  if (wantedMs > latestMs) {
    throw new AppError('request_invalid', { fields: { notBefore: 'lies in the future' } });
  }
  return new Date(wantedMs);
}
