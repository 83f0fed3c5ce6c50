'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { PageHeader } from '@/components/console/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { cx } from '@/components/ui/cx';
import { Select } from '@/components/ui/input';
import { Time } from '@/components/ui/time';
import type { PolicyStandings, PolicyStandingView } from '@/lib/contracts';
import { POLICY_TABS, type PolicySegment, policyHref } from './policy-links';
import { policyStandingsQuery } from './policy-queries';
import { stageWords } from './policy-words';

const BACK = { label: 'Policies', href: '/policies' };

/** The head of one app's policy pages: which app, what is in force, and the pages as tabs. */
export function PolicyFrame({
  id,
  initial,
  children,
}: {
  id: string;
  initial: PolicyStandings;
  children: ReactNode;
}) {
  const { data } = useQuery({ ...policyStandingsQuery(), initialData: initial });
  const router = useRouter();
  const current = useSegment(id);
  const app = data.apps.find(({ appId }) => appId === id);
  return (
    <>
      <PageHeader
        back={BACK}
        title={`${app?.appName ?? id}: policy`}
        description={app === undefined ? undefined : <Standing app={app} />}
        actions={
          <>
            {data.apps.length < 2 ? null : (
              <span className="w-44">
                <Select
                  aria-label="App"
                  value={id}
                  onChange={(event) => router.push(policyHref(event.target.value, current))}
                >
                  {data.apps.map(({ appId, appName }) => (
                    <option key={appId} value={appId}>
                      {appName}
                    </option>
                  ))}
                </Select>
              </span>
            )}
            <ButtonLink href="/policies/baseline">Baseline</ButtonLink>
            <ButtonLink href={`/apps/${encodeURIComponent(id)}`}>App</ButtonLink>
          </>
        }
      />
      <nav aria-label="Parts of the policy" className="flex gap-4 overflow-x-auto border-b px-4">
        {POLICY_TABS.map(({ segment, label }) => (
          <Link
            key={label}
            href={policyHref(id, segment)}
            aria-current={segment === current ? 'page' : undefined}
            className={cx(
              '-mb-px inline-flex h-10 items-center whitespace-nowrap border-b-2 focus-visible:outline-offset-[-2px]',
              segment === current ? 'border-accent text-ink' : 'border-transparent text-dim hover:text-ink',
            )}
          >
            {label}
            {segment === 'quarantines' && app !== undefined && app.quarantines > 0 ? (
              <span className="ml-1.5 text-faint">{app.quarantines}</span>
            ) : null}
          </Link>
        ))}
      </nav>
      {children}
    </>
  );
}

/** Which of the pages is open. */
function useSegment(id: string): PolicySegment {
  const rest = usePathname().slice(policyHref(id).length + 1);
  return (
    POLICY_TABS.find(({ segment }) => segment !== null && rest.split('/')[0] === segment)?.segment ?? null
  );
}

function Standing({ app }: { app: PolicyStandingView }) {
  const { rollout } = app;
  return (
    <>
      Version {app.version} is in force, published <Time at={app.publishedAt} /> by {app.publishedBy}.
      {rollout === null ? null : (
        <>
          {' '}
          <Link href={policyHref(app.appId, 'rollout')} className="text-ink underline underline-offset-2">
            Version {rollout.version} is being rolled out: {stageWords(rollout.stage)}
          </Link>
          .
        </>
      )}
    </>
  );
}
