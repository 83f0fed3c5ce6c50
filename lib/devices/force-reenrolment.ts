import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, requireSomewhere, type VerbContext } from '@/lib/auth';
import type { CutOffView } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { cutOffInside } from '@/lib/cut-offs';
import { findDevice, setAside } from './store';

/**
 * Sets the enrolment of a device aside: its key attests nothing any more, its tokens are cut off, and its app has to enrol a
 * new key with new hardware evidence, which makes it another instance. Evidence that is newer than this counts again. The
 * answer's `seq` proves that the tokens are refused.
 * @throws AppError `permission_denied`, `instance_not_found`, `cut_off_not_later` within the second of another cut-off
 */
export async function forceReenrolment(
  { db, actor }: VerbContext,
  { id, reason }: { id: string; reason: string },
): Promise<CutOffView> {
  requireSomewhere(actor, 'cut_offs.write');
  const known = await findDevice(db.orm, id);
  if (!known) throw new AppError('instance_not_found');
  requirePermission(actor, 'cut_offs.write', known.appId);
  return db.orm.transaction(async (tx) => {
    if (!(await setAside(tx, known.id))) throw new AppError('instance_not_found');
    const target = { scope: 'instance', target: known.id, apps: [known.appId] } as const;
    const cutOff = await cutOffInside(tx, actor, target, { notBefore: null, reason });
    await recordAudit(tx, auditActorOf(actor), {
      action: 'device.reenrol',
      targetKind: 'instance',
      targetId: known.id,
      appId: known.appId,
      reason,
      detail: { cutOffId: cutOff.id },
      changeSeq: cutOff.seq,
    });
    return cutOff;
  });
}
