import Link from 'next/link';
import { formatCount } from '@/components/ui/format';
import type { FacetRow } from './prepare-replay';

/** Flips of each value of a facet, out of all its attestations; the numbers lead to them. */
export function ReplayFacetList({ rows }: { rows: readonly FacetRow[] }) {
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="text-faint">
          <th scope="col" className="pl-4 text-left font-normal">
            <span className="sr-only">Value</span>
          </th>
          <th scope="col" className="px-1.5 text-right font-normal">
            stricter
          </th>
          <th scope="col" className="px-1.5 text-right font-normal">
            milder
          </th>
          <th scope="col" className="pr-4 pl-1.5 text-right font-normal">
            of
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.value ?? ' others'} className="hover:bg-raised/60">
            <th scope="row" className="max-w-0 w-full truncate py-0.5 pl-4 text-left font-normal">
              {row.label}
            </th>
            <td className={row.stricter === 0 ? 'px-1.5 text-right text-faint' : 'px-1.5 text-right'}>
              {formatCount(row.stricter)}
            </td>
            <td className={row.milder === 0 ? 'px-1.5 text-right text-faint' : 'px-1.5 text-right'}>
              {formatCount(row.milder)}
            </td>
            <td className="pr-4 pl-1.5 text-right">
              {row.href === null ? (
                formatCount(row.events)
              ) : (
                <Link
                  prefetch={false}
                  href={row.href}
                  data-tooltip="See these attestations"
                  className="rounded-[4px] underline-offset-2 hover:underline"
                >
                  {formatCount(row.events)}
                  <span className="sr-only"> attestations, {row.label}</span>
                </Link>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
