import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { RegisterAppForm } from '@/components/apps/register-app-form';
import { PageHeader } from '@/components/console/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/states';
import { TEMPLATES } from '@/lib/appraisal';
import { mayDo } from '@/lib/auth';
import { POLICY_TEMPLATES, type PolicyTemplate, type Response } from '@/lib/contracts';

export const metadata: Metadata = { title: 'Register an app' };

/** Registers an app with its reference values and its first policy. */
export default async function RegisterAppPage() {
  const { actor } = await pageContext();
  return (
    <>
      <PageHeader
        title="Register an app"
        back={{ label: 'Apps', href: '/apps' }}
        description="The reference values: what genuine evidence of this app must say."
      />
      {mayDo(actor, 'apps.write', null) ? (
        <RegisterAppForm templates={POLICY_TEMPLATES.map(summarise)} />
      ) : (
        <Card aria-label="Not permitted">
          <EmptyState
            title="Your role does not permit this"
            actions={<ButtonLink href="/apps">See the apps</ButtonLink>}
          >
            Apps are registered by administrators of the organisation.
          </EmptyState>
        </Card>
      )}
    </>
  );
}

function summarise(name: PolicyTemplate) {
  const responses = Object.values(TEMPLATES[name].threats);
  const count = (wanted: Response) => responses.filter((response) => response === wanted).length;
  return { name, rejects: count('reject'), restricts: count('restrict'), flags: count('flag') };
}
