import {
  countryColumn,
  monoColumn,
  platformColumn,
  verdictColumn,
} from '@/components/data-table/common-columns';
import type { DataColumn } from '@/components/data-table/data-column';
import { Badge } from '@/components/ui/badge';
import { networkKindLabel } from '@/components/ui/domain-labels';
import type { AttestationRow } from '@/lib/contracts';
import { RowTime } from './row-time';

/** "Pixel 9 · 16"; "–" where the evidence told neither. */
export function deviceText({ model, osVersion }: Pick<AttestationRow, 'model' | 'osVersion'>): string {
  return [model, osVersion].filter((part) => part !== '').join(' · ') || '–';
}

/** "AS20712" for the number of an autonomous system. */
export function asnText(asn: number): string {
  return `AS${asn}`;
}

function networkTooltip({ networkPrefix, asn }: AttestationRow): string | undefined {
  const known = [networkPrefix, asn === null ? null : asnText(asn)].filter((part) => part !== null);
  return known.length === 0 ? undefined : known.join(', ');
}

/** The columns of the attestations table. */
export const ATTESTATION_COLUMNS: readonly DataColumn<AttestationRow>[] = [
  {
    id: 'time',
    label: 'Time',
    value: (row) => row.receivedAt,
    cell: (row) => <RowTime at={row.receivedAt} />,
    className: 'w-[102px]',
  },
  verdictColumn('w-[98px]'),
  {
    id: 'app',
    label: 'App',
    value: (row) => row.appName,
    cell: (row) => <AppCell row={row} />,
    className: 'w-[126px] max-sm:hidden',
  },
  platformColumn((row) => row.appVersion, 'w-[104px] max-sm:hidden'),
  {
    id: 'threat',
    label: 'Deciding threat',
    value: (row) => row.decidingThreat,
    cell: (row) => (
      <span
        className="block max-w-[118px] truncate font-mono text-sm sm:max-w-none"
        data-tooltip={row.decidingThreat}
      >
        {row.decidingThreat}
      </span>
    ),
    className: 'w-[134px] sm:w-auto',
  },
  {
    id: 'device',
    label: 'Device',
    value: deviceText,
    cell: (row) => <span className="text-dim">{deviceText(row)}</span>,
    className: 'w-[116px] max-sm:hidden',
  },
  countryColumn(),
  {
    id: 'network',
    label: 'Network',
    value: (row) => row.networkKind,
    cell: (row) => (
      <span className="text-dim" data-tooltip={networkTooltip(row)}>
        {networkKindLabel(row.networkKind)}
      </span>
    ),
    className: 'w-[94px] max-sm:hidden',
  },
  monoColumn('reference', 'Reference', (row) => row.reference, 'w-[92px] max-sm:hidden'),
];

function AppCell({ row }: { row: AttestationRow }) {
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <span className="truncate">{row.appName}</span>
      {row.environment === 'development' ? <Badge tone="flagged">dev</Badge> : null}
    </span>
  );
}
