import type { StaffActor } from '@/lib/auth';
import { PERMISSIONS_OF_ROLE } from '@/lib/contracts';

/** Whether somebody may save views, for a page to offer it; the verb decides again. */
export function mayWriteViews({ grants }: StaffActor): boolean {
  return grants.some(({ role }) => PERMISSIONS_OF_ROLE[role].includes('views.write'));
}
