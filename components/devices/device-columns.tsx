import {
  countryColumn,
  monoColumn,
  platformColumn,
  verdictColumn,
} from '@/components/data-table/common-columns';
import type { DataColumn } from '@/components/data-table/data-column';
import { Badge } from '@/components/ui/badge';
import { platformLabel } from '@/components/ui/domain-labels';
import { Time } from '@/components/ui/time';
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
  verdictColumn('w-[98px]'),
  {
    id: 'app',
    label: 'App',
    value: (row) => row.appName,
    className: 'w-[120px] max-sm:hidden',
  },
  platformColumn((row) => row.osVersion, 'w-[104px] max-sm:hidden'),
  monoColumn('appVersion', 'App version', (row) => row.appVersion, 'w-[92px] max-sm:hidden'),
  countryColumn(),
  monoColumn('network', 'Network', (row) => row.networkPrefix, 'w-[156px] max-sm:hidden'),
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
