import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { AppsTable } from '@/components/apps/apps-table';
import { PageHeader } from '@/components/console/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { listApps } from '@/lib/apps';
import { mayDo } from '@/lib/auth';

export const metadata: Metadata = { title: 'Apps' };

/** The registered apps, and the way to register another. */
export default async function AppsPage() {
  const context = await pageContext();
  const { apps } = await listApps(context);
  const register = mayDo(context.actor, 'apps.write', null) ? (
    <ButtonLink href="/apps/new" variant="primary">
      Register an app
    </ButtonLink>
  ) : null;
  return (
    <>
      <PageHeader
        title="Apps"
        description="What genuine evidence must say, and what follows where it does not."
        actions={register}
      />
      <AppsTable
        initial={apps}
        firstSteps={
          register === null
            ? { text: 'An administrator registers apps.' }
            : {
                text: 'Register your first app with its bundle id or its package and signer. Its guide then has everything else filled in.',
                actions: register,
              }
        }
      />
    </>
  );
}
