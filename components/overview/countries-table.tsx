import Link from 'next/link';
import { countryName } from '@/components/ui/domain-labels';
import { formatCount, formatPercent } from '@/components/ui/format';
import { Table, Td, Th } from '@/components/ui/table';
import type { Overview } from '@/lib/contracts';
import type { Origin } from './origin-list';
import { attestationsHref, type OverviewView } from './overview-links';

/** The countries as rows, most attestations first, each with its way to what was counted. */
export function countryOrigins(countries: Overview['countries'], view: OverviewView): Origin[] {
  return countries
    .map(({ country, events, rejected }) => ({
      id: country,
      label: countryName(country),
      events,
      rejected,
      href: attestationsHref(view, { country }),
    }))
    .sort((a, b) => b.events - a.events || a.label.localeCompare(b.label));
}

export interface CountriesTableProps {
  countries: Overview['countries'];
  view: OverviewView;
}

/** Every country as a table. */
export function CountriesTable({ countries, view }: CountriesTableProps) {
  const all = countries.reduce((sum, { events }) => sum + events, 0);
  return (
    <Table>
      <thead className="sticky top-0 bg-card">
        <tr>
          <Th>Country</Th>
          <Th numeric>Attestations</Th>
          <Th numeric>Of all</Th>
          <Th numeric>Rejected</Th>
          <Th numeric>Of the country’s</Th>
        </tr>
      </thead>
      <tbody>
        {countryOrigins(countries, view).map(({ id, label, events, rejected, href }) => (
          <tr key={id}>
            <Td>{label}</Td>
            <Td numeric>
              <Link prefetch={false} href={href} className="hover:text-accent-text hover:underline">
                {formatCount(events)}
              </Link>
            </Td>
            <Td numeric>{formatPercent(all === 0 ? null : events / all)}</Td>
            <Td numeric>{formatCount(rejected)}</Td>
            <Td numeric>{formatPercent(events === 0 ? null : rejected / events)}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
