import Link from 'next/link';
import { Card, CardHeader } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { ApiKeyDetail } from '@/lib/contracts';

/** Devices and networks that still present a revoked version; nothing where nobody does. */
export function PresentersCard({ presenters }: Pick<ApiKeyDetail, 'presenters'>) {
  if (presenters.length === 0) return null;
  return (
    <Card aria-label="Who presents a revoked version" className="overflow-hidden">
      <CardHeader title="Who presents a revoked version" note="with a good token, in the last 24 hours" />
      <Table>
        <thead>
          <tr>
            <Th>Device</Th>
            <Th>Network</Th>
            <Th className="max-sm:hidden">Country</Th>
            <Th numeric>Refused</Th>
            <Th className="max-sm:hidden">Last</Th>
          </tr>
        </thead>
        <tbody>
          {presenters.map(({ instanceId, networkPrefix, country, requests, lastAt }) => (
            <tr key={`${instanceId} ${networkPrefix}`}>
              <Td mono>
                {instanceId === null ? (
                  <span className="text-faint">erased</span>
                ) : (
                  <Link
                    href={`/devices/${instanceId}`}
                    className="rounded-[4px] underline-offset-2 hover:underline"
                  >
                    {instanceId.slice(0, 8)}…{instanceId.slice(-4)}
                  </Link>
                )}
              </Td>
              <Td mono>{networkPrefix ?? <span className="text-faint">forgotten</span>}</Td>
              <Td className="max-sm:hidden">{country ?? <span className="text-faint">unknown</span>}</Td>
              <Td numeric>{formatCount(requests)}</Td>
              <Td className="max-sm:hidden">
                <Time at={lastAt} />
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
