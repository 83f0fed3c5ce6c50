import type { DataColumn } from '@/components/data-table/data-column';
import { Badge } from '@/components/ui/badge';
import { countryName, platformLabel } from '@/components/ui/domain-labels';
import { Time } from '@/components/ui/time';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { DeviceRow } from '@/lib/contracts';

/** Evidence of the simulator: nothing about a real device. */
export function isDevelopment({ format }: Pick<DeviceRow, 'format'>): boolean {
  return format === 'dev';
}

/** "Pixel 9, Android 16". */
export function deviceLabel({ model, platform, osVersion }: DeviceRow): string {
  return [model, `${platformLabel(platform)} ${osVersion}`.trim()].filter((part) => part !== '').join(', ');
}

/** The columns of the device list. */
export const DEVICE_COLUMNS: readonly DataColumn<DeviceRow>[] = [
  {
    id: 'model',
    label: 'Device',
    value: (row) => row.model,
    cell: (row) => <ModelCell row={row} />,
    className: 'w-[170px] sm:w-auto',
  },
  {
    id: 'verdict',
    label: 'Verdict',
    value: (row) => row.verdict,
    cell: (row) => <VerdictLabel verdict={row.verdict} />,
    className: 'w-[96px]',
  },
  {
    id: 'app',
    label: 'App',
    value: (row) => row.appName,
    className: 'w-[120px] max-sm:hidden',
  },
  {
    id: 'version',
    label: 'Platform',
    value: (row) => `${platformLabel(row.platform)} ${row.osVersion}`,
    cell: (row) => (
      <span className="text-dim">
        {platformLabel(row.platform)} <span className="font-mono text-sm">{row.osVersion}</span>
      </span>
    ),
    className: 'w-[104px] max-sm:hidden',
  },
  {
    id: 'appVersion',
    label: 'App version',
    value: (row) => row.appVersion,
    cell: (row) => <span className="font-mono text-dim text-sm">{row.appVersion}</span>,
    className: 'w-[92px] max-sm:hidden',
  },
  {
    id: 'country',
    label: 'Country',
    value: (row) => row.country,
    cell: (row) => (
      <span className="text-dim" data-tooltip={row.country === null ? undefined : countryName(row.country)}>
        {row.country ?? '–'}
      </span>
    ),
    className: 'w-[62px] max-sm:hidden',
  },
  {
    id: 'network',
    label: 'Network',
    value: (row) => row.networkPrefix,
    cell: (row) => <span className="font-mono text-dim text-sm">{row.networkPrefix ?? '–'}</span>,
    className: 'w-[156px] max-sm:hidden',
  },
  {
    id: 'id',
    label: 'Instance',
    value: (row) => row.id,
    cell: (row) => (
      <span className="font-mono text-dim text-sm" data-tooltip={row.id}>
        {row.id.slice(0, 8)}…{row.id.slice(-4)}
      </span>
    ),
    className: 'w-[124px] max-sm:hidden',
  },
  {
    id: 'firstSeen',
    label: 'First seen',
    value: (row) => row.firstSeenAt,
    cell: (row) => <Time at={row.firstSeenAt} className="text-dim" />,
    className: 'w-[104px] max-sm:hidden',
  },
  {
    id: 'lastSeen',
    label: 'Last seen',
    value: (row) => row.lastSeenAt,
    cell: (row) => <Time at={row.lastSeenAt} className="text-dim" />,
    className: 'w-[104px]',
  },
];

function ModelCell({ row }: { row: DeviceRow }) {
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <span className="truncate">{row.model === '' ? 'unknown model' : row.model}</span>
      {row.blocked ? <Badge tone="rejected">blocked</Badge> : null}
      {isDevelopment(row) ? <Badge tone="flagged">dev</Badge> : null}
    </span>
  );
}
