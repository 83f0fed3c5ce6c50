'use client';

import { useQuery } from '@tanstack/react-query';
import { AppWindow } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import type { AppView } from '@/lib/contracts';
import { appAttestationsHref, appDevicesHref, appHref } from './app-links';
import { appListQuery, COUNTS_EVERY_MS } from './app-queries';
import { EnvironmentBadge } from './environment-badge';

const COUNT_LINK = 'rounded-[4px] underline-offset-2 hover:underline';

export interface AppsTableProps {
  /** The apps as the server read them. */
  initial: readonly AppView[];
  /** What to do where there is none. */
  firstSteps: { text: string; actions?: ReactNode };
}

/** Every app that the viewer may see; the counts are read again now and then. */
export function AppsTable({ initial, firstSteps }: AppsTableProps) {
  const { data } = useQuery({
    ...appListQuery(),
    initialData: { apps: [...initial] },
    refetchInterval: COUNTS_EVERY_MS,
  });
  if (data.apps.length === 0) {
    return (
      <Card aria-label="Apps">
        <EmptyState icon={AppWindow} title="No app is registered yet" actions={firstSteps.actions}>
          {firstSteps.text}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card aria-label="Apps" className="overflow-hidden">
      <Table>
        <thead>
          <tr>
            <Th>App</Th>
            <Th className="max-md:hidden">Identities</Th>
            <Th>Policy</Th>
            <Th className="max-lg:hidden">Protected APIs</Th>
            <Th numeric className="max-sm:hidden">
              Attestations, 24 h
            </Th>
            <Th numeric>Devices, 24 h</Th>
          </tr>
        </thead>
        <tbody>
          {data.apps.map((app) => (
            <AppRow key={app.id} app={app} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function AppRow({ app }: { app: AppView }) {
  return (
    <tr className="hover:bg-raised/60">
      <Td className="py-2">
        <Link href={appHref(app.id)} className="rounded-[4px] font-medium underline-offset-2 hover:underline">
          {app.name}
        </Link>
        <span className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1">
          <code className="font-mono text-sm text-faint">{app.id}</code>
          <EnvironmentBadge environment={app.environment} />
        </span>
      </Td>
      <Td className="py-2 max-md:hidden">
        <Identities app={app} />
      </Td>
      <Td>
        <Link href={appHref(app.id, { tab: 'policy' })} className={COUNT_LINK}>
          v{app.policyVersion}
        </Link>
      </Td>
      <Td className="py-2 max-lg:hidden">
        <Apis app={app} />
      </Td>
      <Td numeric className="max-sm:hidden">
        <Link href={appAttestationsHref(app.id)} className={COUNT_LINK}>
          {formatCount(app.attestations24h)}
        </Link>
      </Td>
      <Td numeric>
        <Link href={appDevicesHref(app.id)} className={COUNT_LINK}>
          {formatCount(app.devices24h)}
        </Link>
      </Td>
    </tr>
  );
}

/** By which names evidence states the app, one a platform; how many more there are is said. */
function Identities({ app }: { app: AppView }) {
  const platforms = [
    { label: 'iOS', ids: app.appleBundleIds.map((bundle) => `${app.appleTeamId ?? ''}.${bundle}`) },
    { label: 'Android', ids: app.androidPackages },
  ];
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-2.5">
      {platforms.map(({ label, ids: [first, ...more] }) =>
        first === undefined ? null : (
          <div key={label} className="col-span-2 grid grid-cols-subgrid items-baseline">
            <dt className="text-sm text-faint">{label}</dt>
            <dd className="truncate">
              <code className="font-mono text-sm text-dim">{first}</code>
              {more.length === 0 ? null : <span className="text-sm text-faint"> and {more.length} more</span>}
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}

function Apis({ app }: { app: AppView }) {
  if (app.apis.length === 0) return <span className="text-faint">none</span>;
  return (
    <ul className="grid gap-0.5">
      {app.apis.map((api) => (
        <li key={api.id} className="flex items-center gap-2">
          <Link href={appHref(app.id, { tab: 'apis' })} className={COUNT_LINK}>
            {api.name}
          </Link>
          <Badge tone={api.mode === 'enforce' ? 'trusted' : 'neutral'}>{api.mode}</Badge>
        </li>
      ))}
    </ul>
  );
}
