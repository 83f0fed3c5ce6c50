import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { AuditLog } from '@/components/audit/audit-log';
import { PageHeader } from '@/components/console/page-header';
import { PERMISSIONS_OF_ROLE } from '@/lib/contracts';

export const metadata: Metadata = { title: 'Audit' };

/** Who did what, to what, and why. Whoever may not read the whole log sees their own acts. */
export default async function AuditPage() {
  const { actor } = await pageContext();
  const readsAll = actor.grants.some((grant) => PERMISSIONS_OF_ROLE[grant.role].includes('audit.read'));
  return (
    <>
      <PageHeader
        title="Audit"
        description={
          readsAll
            ? 'Who did what, to what, and why. Entries are only ever added.'
            : 'What you did, to what, and why. Auditors and admins see everybody’s acts.'
        }
      />
      <AuditLog />
    </>
  );
}
