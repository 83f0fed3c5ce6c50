import { platformLabel } from '@/components/ui/domain-labels';
import { formatCount, formatPercent, plural } from '@/components/ui/format';
import { Table, Td, Th } from '@/components/ui/table';
import type { BlastRadius as Radius } from '@/lib/contracts';

/** In a small window the number must not be left below what is in sight. */
const intoSight = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' });

/** Whom a switch would have met in the last 24 hours, by version. */
export function BlastRadius({ radius }: { radius: Radius }) {
  const { devices, attestations, versions } = radius;
  return (
    <div ref={intoSight} role="status" className="overflow-hidden rounded-card border bg-raised">
      <p className="flex items-baseline gap-3 px-3 py-2.5">
        <span className="text-figure font-semibold">{formatCount(devices.affected)}</span>
        <span className="text-dim">
          <span className="text-ink">of {plural(devices.all, 'device')}</span> seen in the last 24 hours would
          be cut off ({formatPercent(devices.all === 0 ? null : devices.affected / devices.all)}), with{' '}
          {formatCount(attestations.affected)} of {plural(attestations.all, 'attestation')}.
        </span>
      </p>
      {versions.length === 0 ? null : (
        <Table className="border-t">
          <thead>
            <tr>
              <Th>Version that it meets</Th>
              <Th numeric>Attestations</Th>
            </tr>
          </thead>
          <tbody>
            {versions.map((one) => (
              <tr key={`${one.platform} ${one.version}`}>
                <Td>
                  {platformLabel(one.platform)} <code className="font-mono">{one.version || 'unknown'}</code>
                </Td>
                <Td numeric>{formatCount(one.attestations)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  );
}
