'use client';

import { Card, CardHeader } from '@/components/ui/card';
import { formatCount, formatPercent } from '@/components/ui/format';
import { Table, Td, Th } from '@/components/ui/table';
import type { OriginDetail } from '@/lib/contracts';
import { ADOPTION_SPAN } from './certificate-words';

/** Devices by the configuration version that they held when they last attested. */
export function AdoptionCard({ adoption }: Pick<OriginDetail, 'adoption'>) {
  const devices = adoption.reduce((total, row) => total + row.devices, 0);
  return (
    <Card aria-label="Configuration held by devices" className="overflow-hidden">
      <CardHeader title="Configuration held by devices" note={`seen in ${ADOPTION_SPAN}`} />
      {adoption.length === 0 ? (
        <p className="px-4 pb-4 text-dim">No device was seen.</p>
      ) : (
        <Table>
          <thead>
            <tr>
              <Th>Version</Th>
              <Th numeric>Devices</Th>
              <Th numeric>Share</Th>
            </tr>
          </thead>
          <tbody>
            {adoption.map((row) => (
              <tr key={row.version}>
                <Td mono>{row.version === 0 ? 'none yet' : `v${row.version}`}</Td>
                <Td numeric>{formatCount(row.devices)}</Td>
                <Td numeric>{formatPercent(row.devices / devices)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}
