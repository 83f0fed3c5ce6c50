import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, type VerbContext } from '@/lib/auth';
import { appendChange } from '@/lib/changes';
import type { EndorsementDone, ListAgeInput } from '@/lib/contracts';
import { askForCheck, selectListState, updateMaxAge } from './store/status-list';

/**
 * Sets from which age on the list of revoked keys is too old, so that production apps refuse new Android evidence; `null`
 * for never, which means to trust keys that may have been revoked. Every node obeys within moments.
 * @throws AppError `permission_denied`
 */
export async function setListAge(
  { db, actor }: VerbContext,
  { maxAgeHours, reason }: ListAgeInput,
): Promise<EndorsementDone> {
  requirePermission(actor, 'endorsements.write', null);
  await db.orm.transaction(async (tx) => {
    const before = await updateMaxAge(tx, maxAgeHours);
    const changeSeq = await appendChange(tx, 'status_list', await selectListState(tx));
    await recordAudit(tx, auditActorOf(actor), {
      action: 'status_list.set_max_age',
      targetKind: 'status_list',
      targetId: 'android',
      reason,
      detail: { before, after: maxAgeHours },
      changeSeq,
    });
  });
  return { done: true };
}

/** Asks the service to look for a new list now: it does so within a second or two. @throws AppError `permission_denied` */
export async function requestListCheck({ db, actor }: VerbContext): Promise<EndorsementDone> {
  requirePermission(actor, 'endorsements.write', null);
  await db.orm.transaction(async (tx) => {
    await askForCheck(tx);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'status_list.check',
      targetKind: 'status_list',
      targetId: 'android',
    });
  });
  return { done: true };
}
