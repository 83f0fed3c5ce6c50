import { countryName, platformLabel } from '@/components/ui/domain-labels';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { Verdict } from '@/lib/contracts';
import type { DataColumn } from './data-column';

/* Columns that the lists of attestations and of devices have alike. */

/** The verdict with its mark. */
export function verdictColumn<Row extends { verdict: Verdict }>(className: string): DataColumn<Row> {
  return {
    id: 'verdict',
    label: 'Verdict',
    value: (row) => row.verdict,
    cell: (row) => <VerdictLabel verdict={row.verdict} />,
    className,
  };
}

/** The platform with a version of it, or of the app on it. */
export function platformColumn<Row extends { platform: string }>(
  versionOf: (row: Row) => string,
  className: string,
): DataColumn<Row> {
  return {
    id: 'version',
    label: 'Platform',
    value: (row) => `${platformLabel(row.platform)} ${versionOf(row)}`.trim(),
    cell: (row) => (
      <span className="text-dim">
        {platformLabel(row.platform)} <span className="font-mono text-sm">{versionOf(row)}</span>
      </span>
    ),
    className,
  };
}

/** The code of the country, whose name is its tooltip. */
export function countryColumn<Row extends { country: string | null }>(): DataColumn<Row> {
  return {
    id: 'country',
    label: 'Country',
    value: (row) => row.country,
    cell: ({ country }) => (
      <span className="text-dim" data-tooltip={country === null ? undefined : countryName(country)}>
        {country ?? '–'}
      </span>
    ),
    className: 'w-[62px] max-sm:hidden',
  };
}

/** An identifier, a code or a version. */
export function monoColumn<Row>(
  id: string,
  label: string,
  value: (row: Row) => string | null,
  className: string,
): DataColumn<Row> {
  return {
    id,
    label,
    value,
    cell: (row) => <span className="font-mono text-dim text-sm">{value(row) ?? '–'}</span>,
    className,
  };
}
