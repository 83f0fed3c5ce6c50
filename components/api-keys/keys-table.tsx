'use client';

import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { percent } from '@/components/charts/plot-axes';
import { useFacet } from '@/components/query/url-state';
import { Card } from '@/components/ui/card';
import { formatCount, formatPercent } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { ApiKeyView } from '@/lib/contracts';
import { KeyBadges } from './key-badges';
import { FIGURES_EVERY_MS, keyListQuery } from './key-queries';

export interface KeysTableProps {
  /** The keys as the server read them. */
  initial: readonly ApiKeyView[];
  /** Names of apps by id. */
  apps: Readonly<Record<string, string>>;
  /** What to do where there is none. */
  firstSteps: { text: string; actions?: ReactNode };
}

/** Every API key that the viewer may see, by app; those of the apps that the page is filtered by. */
export function KeysTable({ initial, apps, firstSteps }: KeysTableProps) {
  const [wanted] = useFacet('app');
  const { data } = useQuery({
    ...keyListQuery(),
    initialData: { keys: [...initial] },
    refetchInterval: FIGURES_EVERY_MS,
  });
  const keys = data.keys.filter(({ appId }) => wanted.length === 0 || wanted.includes(appId));
  if (keys.length === 0) {
    return (
      <Card aria-label="API keys">
        <EmptyState
          icon={KeyRound}
          title={data.keys.length === 0 ? 'There is no API key yet' : 'No API key of these apps'}
          actions={data.keys.length === 0 ? firstSteps.actions : undefined}
        >
          {firstSteps.text}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card aria-label="API keys" className="overflow-hidden">
      <Table>
        <thead>
          <tr>
            <Th>Key</Th>
            <Th className="max-md:hidden">App</Th>
            <Th>Version</Th>
            <Th>Adoption</Th>
            <Th numeric className="max-sm:hidden">
              Devices
            </Th>
            <Th className="max-lg:hidden">Retiring</Th>
            <Th numeric className="max-lg:hidden">
              Revoked, presented in 24 h
            </Th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <KeyRow key={key.id} apiKey={key} app={apps[key.appId] ?? key.appId} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function KeyRow({ apiKey, app }: { apiKey: ApiKeyView; app: string }) {
  const active = apiKey.versions.find(({ status }) => status === 'active');
  const retiring = apiKey.versions.find(({ status }) => status === 'retiring');
  const stolen = apiKey.versions.reduce((sum, version) => sum + version.revokedRequestsLastDay, 0);
  return (
    <tr className="hover:bg-raised/60">
      <Td className="py-2">
        <Link
          href={`/api-keys/${apiKey.id}`}
          className="rounded-[4px] font-medium underline-offset-2 hover:underline"
        >
          {apiKey.name}
        </Link>
        <span className="mt-0.5 flex flex-wrap items-center gap-1.5">
          <KeyBadges apiKey={apiKey} />
        </span>
      </Td>
      <Td className="max-md:hidden">{app}</Td>
      <Td>
        {active === undefined ? <span className="text-rejected-text">none</span> : `v${active.version}`}
      </Td>
      <Td>
        <Adoption apiKey={apiKey} />
      </Td>
      <Td numeric className="max-sm:hidden">
        {formatCount(apiKey.devices)}
      </Td>
      <Td className="max-lg:hidden">
        {retiring === undefined ? (
          <span className="text-faint">none</span>
        ) : (
          <>
            v{retiring.version}, ends <Time at={retiring.retiresAt ?? retiring.createdAt} />
          </>
        )}
      </Td>
      <Td numeric className={stolen === 0 ? 'text-faint max-lg:hidden' : 'text-rejected-text max-lg:hidden'}>
        {formatCount(stolen)}
      </Td>
    </tr>
  );
}

/** The share of devices that have fetched the active version, as a bar and in words. */
function Adoption({ apiKey: { devices, devicesBehind } }: { apiKey: ApiKeyView }) {
  if (devices === 0) return <span className="text-faint">no device yet</span>;
  const share = (devices - devicesBehind) / devices;
  return (
    <span className="flex items-center gap-2">
      <svg aria-hidden className="h-1.5 w-16 shrink-0 max-sm:hidden">
        <rect width="100%" height="100%" rx="3" className="fill-raised" />
        <rect width={percent(share)} height="100%" rx="3" className="fill-accent" />
      </svg>
      {formatPercent(share)}
    </span>
  );
}
