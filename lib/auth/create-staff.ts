import { recordAudit } from '@/lib/audit';
import type { StaffCreation } from '@/lib/contracts';
import { AppError, newId, type StaffId } from '@/lib/core';
import type { Tx } from '@/lib/db';
import { auditActorOf, type VerbContext } from './actor';
import { hashPassword, requireStrongPassword } from './password';
import { requirePermission } from './permissions';
import { insertGrant, insertStaff } from './store';

/**
 * Creates a staff member with one role.
 * @throws AppError `permission_denied`, `password_too_weak`, `staff_already_exists`
 */
export async function createStaff(
  { db, actor, clock }: VerbContext,
  input: StaffCreation,
): Promise<{ id: StaffId }> {
  requirePermission(actor, 'staff.manage', null);
  requireStrongPassword(input.password, input);
  const passwordHash = await hashPassword(input.password);
  const now = new Date(clock.nowMs());
  return db.orm.transaction(async (tx) => {
    const id = await insertStaffWithRole(tx, { ...input, passwordHash }, now);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'staff.create',
      targetKind: 'staff',
      targetId: id,
      appId: input.appId,
      detail: { email: input.email, role: input.role },
    });
    return { id };
  });
}

/** The account and its grant. @throws AppError `staff_already_exists` */
export async function insertStaffWithRole(
  tx: Tx,
  input: Omit<StaffCreation, 'password'> & { passwordHash: string },
  now: Date,
): Promise<StaffId> {
  const id = newId<StaffId>(now.getTime());
  const { email, name, passwordHash, role, appId } = input;
  if (!(await insertStaff(tx, { id, email, name, passwordHash, createdAt: now }))) {
    throw new AppError('staff_already_exists', { fields: { email: 'belongs to a staff member already' } });
  }
  await insertGrant(tx, { id: newId(now.getTime()), staffId: id, role, appId, createdAt: now });
  return id;
}
