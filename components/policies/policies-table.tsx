'use client';

import { useQuery } from '@tanstack/react-query';
import { Scale } from 'lucide-react';
import Link from 'next/link';
import { useFacet } from '@/components/query/url-state';
import { ButtonLink } from '@/components/ui/button-link';
import { Card } from '@/components/ui/card';
import { plural } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { PolicyStandings, PolicyStandingView } from '@/lib/contracts';
import { policyHref } from './policy-links';
import { policyStandingsQuery } from './policy-queries';
import { stageWords } from './policy-words';

const LINK = 'rounded-[4px] underline-offset-2 hover:underline';

/** How the policy of every app stands that the viewer may see, those of the chosen apps. */
export function PoliciesTable({ initial }: { initial: PolicyStandings }) {
  const { data } = useQuery({ ...policyStandingsQuery(), initialData: initial });
  const [chosen] = useFacet('app');
  const rows = data.apps.filter(({ appId }) => chosen.length === 0 || chosen.includes(appId));
  if (rows.length === 0) {
    return (
      <Card aria-label="Policies">
        <EmptyState
          icon={Scale}
          title={data.apps.length === 0 ? 'No app is registered yet' : 'None of the chosen apps is here'}
          actions={data.apps.length === 0 ? <ButtonLink href="/apps">Apps</ButtonLink> : undefined}
        >
          {data.apps.length === 0
            ? 'An app gets its first policy, made from a template, when it is registered.'
            : 'Choose others in the bar above.'}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card aria-label="Policies" className="overflow-hidden">
      <Table>
        <thead>
          <tr>
            <Th>App</Th>
            <Th>In force</Th>
            <Th className="max-md:hidden">Published</Th>
            <Th>Draft</Th>
            <Th>Rollout</Th>
            <Th numeric className="max-sm:hidden">
              Quarantines
            </Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((app) => (
            <StandingRow key={app.appId} app={app} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function StandingRow({ app }: { app: PolicyStandingView }) {
  const { appId, draft, rollout } = app;
  return (
    <tr className="hover:bg-raised/60">
      <Td className="py-2">
        <Link href={policyHref(appId)} className={`${LINK} font-medium`}>
          {app.appName}
        </Link>
        <code className="block font-mono text-sm text-faint">{appId}</code>
      </Td>
      <Td>
        <Link href={policyHref(appId, 'history')} className={LINK}>
          v{app.version}
        </Link>
      </Td>
      <Td className="text-dim max-md:hidden">
        <Time at={app.publishedAt} /> by {app.publishedBy}
      </Td>
      <Td>
        {draft === null ? (
          <span className="text-faint">none</span>
        ) : (
          <Link href={policyHref(appId)} className={LINK}>
            revision {draft.revision}
            <span className="text-dim max-lg:hidden">
              , {draft.updatedBy} <Time at={draft.updatedAt} />
            </span>
          </Link>
        )}
      </Td>
      <Td>
        {rollout === null ? (
          <span className="text-faint">none</span>
        ) : (
          <Link href={policyHref(appId, 'rollout')} className={LINK}>
            <VerdictLabel verdict="flagged">{`v${rollout.version}, ${stageWords(rollout.stage)}`}</VerdictLabel>
          </Link>
        )}
      </Td>
      <Td numeric className="max-sm:hidden">
        {app.quarantines === 0 ? (
          <span className="text-faint">0</span>
        ) : (
          <Link
            href={policyHref(appId, 'quarantines')}
            className={LINK}
            aria-label={plural(app.quarantines, 'quarantine')}
          >
            {app.quarantines}
          </Link>
        )}
      </Td>
    </tr>
  );
}
