'use client';

import { FileBadge } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { formatCount, formatPercent, plural } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { VerdictMark } from '@/components/ui/verdict-mark';
import type { OriginView } from '@/lib/contracts';
import { OUTCOME_TEXT, standingOf } from './certificate-words';

export interface OriginsTableProps {
  origins: readonly OriginView[];
  /** What to do where there is none. */
  firstSteps: { text: string; actions?: ReactNode };
}

/** Every protected origin: how it stands, when its certificate expires, what is pinned, and what devices report. */
export function OriginsTable({ origins, firstSteps }: OriginsTableProps) {
  if (origins.length === 0) {
    return (
      <Card aria-label="Protected origins">
        <EmptyState icon={FileBadge} title="No origin is protected yet" actions={firstSteps.actions}>
          {firstSteps.text}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card aria-label="Protected origins" className="overflow-hidden">
      <Table>
        <thead>
          <tr>
            <Th>Origin</Th>
            <Th>Standing</Th>
            <Th>Expires</Th>
            <Th className="max-md:hidden">Pins</Th>
            <Th className="max-lg:hidden">Rotation</Th>
            <Th numeric className="max-sm:hidden">
              Failures, 7 days
            </Th>
            <Th className="max-md:hidden">Last probe</Th>
          </tr>
        </thead>
        <tbody>
          {origins.map((origin) => (
            <OriginRow key={origin.id} origin={origin} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function OriginRow({ origin }: { origin: OriginView }) {
  const standing = standingOf(origin);
  const { probe, pinSet, rotation, failures } = origin;
  return (
    <tr className="hover:bg-raised/60">
      <Td className="py-2">
        <Link
          href={`/certificates/${origin.id}`}
          className="rounded-[4px] font-medium underline-offset-2 hover:underline"
        >
          {origin.host}
          {origin.port === 443 ? '' : `:${origin.port}`}
        </Link>
        <span className="block text-sm text-faint">{origin.appName}</span>
      </Td>
      <Td className="sm:whitespace-nowrap">
        <VerdictMark verdict={standing.tone} className="mr-2" />
        {standing.label}
      </Td>
      <Td>
        {origin.expiresAt === null ? <span className="text-faint">–</span> : <Time at={origin.expiresAt} />}
      </Td>
      <Td className="max-md:hidden">
        {pinSet === null || pinSet.pins.length === 0 ? (
          <span className="text-faint">none</span>
        ) : (
          <span className="flex items-center gap-2">
            {plural(pinSet.pins.length, 'pin')}
            {pinSet.reportOnly ? <Badge tone="flagged">report only</Badge> : null}
          </span>
        )}
      </Td>
      <Td className="max-lg:hidden">
        {rotation === null ? (
          <span className="text-faint">–</span>
        ) : (
          <Badge tone="accent">
            {rotation.state}, {formatPercent(shareOf(rotation.adoption), 0)} hold the new pin
          </Badge>
        )}
      </Td>
      <Td numeric className="max-sm:hidden">
        {failures.reports === 0 ? <span className="text-faint">0</span> : formatCount(failures.reports)}
      </Td>
      <Td className="max-md:hidden">
        {probe === null ? (
          <span className="text-faint">not yet</span>
        ) : (
          <span data-tooltip={OUTCOME_TEXT[probe.outcome]}>
            <Time at={probe.probedAt} />
          </span>
        )}
      </Td>
    </tr>
  );
}

/** Share of the devices that hold it; `null` where there are none. */
export function shareOf({ devices, holding }: { devices: number; holding: number }): number | null {
  return devices === 0 ? null : holding / devices;
}
