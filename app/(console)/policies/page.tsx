import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { pageContext } from '@/app/api/current-actor';
import { PageHeader } from '@/components/console/page-header';
import { PoliciesTable } from '@/components/policies/policies-table';
import { policyHref } from '@/components/policies/policy-links';
import { ButtonLink } from '@/components/ui/button-link';
import { listPolicyStandings } from '@/lib/policies';
import { searchOf } from '../search-of';

export const metadata: Metadata = { title: 'Policies' };

/** The policies of all apps; where there is one app, or one was chosen, its policy. */
export default async function PoliciesPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const [context, params] = await Promise.all([pageContext(), searchParams]);
  const standings = await listPolicyStandings(context);
  const chosen = searchOf(params).getAll('app');
  const open = standings.apps.filter(({ appId }) => chosen.length === 0 || chosen.includes(appId));
  const [only] = open;
  if (only !== undefined && open.length === 1) redirect(policyHref(only.appId));
  return (
    <>
      <PageHeader
        title="Policies"
        description="What follows from each threat, app by app: in force, drafted, and on its way."
        actions={<ButtonLink href="/policies/baseline">Baseline</ButtonLink>}
      />
      <PoliciesTable initial={standings} />
    </>
  );
}
