'use client';

import { Badge } from '@/components/ui/badge';
import { Card, CardHeader } from '@/components/ui/card';
import { countryName, networkKindLabel } from '@/components/ui/domain-labels';
import { formatCount, plural } from '@/components/ui/format';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { OriginDetail, PinFailureGroup } from '@/lib/contracts';
import { ADOPTION_SPAN, commonName, failureMeaning, KIND_LABEL, shortPin } from './certificate-words';

/** What devices reported when their pins refused a server, by network and by the key that they were shown. */
export function FailuresCard({ origin }: { origin: OriginDetail }) {
  const { failureGroups, failures } = origin;
  return (
    <Card aria-label="Pin failures" className="overflow-hidden">
      <CardHeader
        title="Pin failures"
        note={`${plural(failures.reports, 'report')} of ${plural(failures.devices, 'device')} in ${ADOPTION_SPAN}`}
      />
      {failureGroups.length === 0 ? (
        <p className="px-4 pb-4 text-dim">No device reported a failure in {ADOPTION_SPAN}.</p>
      ) : (
        <Table>
          <thead>
            <tr>
              <Th>Failure</Th>
              <Th>Network</Th>
              <Th className="max-md:hidden">Key that was shown</Th>
              <Th numeric>Devices</Th>
              <Th className="max-md:hidden">Last</Th>
            </tr>
          </thead>
          <tbody>
            {failureGroups.map((group) => (
              <FailureRow key={`${group.kind} ${group.networkPrefix} ${group.leafPin}`} group={group} />
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

/** What is known of a network besides its prefix. */
function placeOf({ networkKind, country, asn }: PinFailureGroup): string {
  const known = [
    ...(networkKind === 'unknown' ? [] : [networkKindLabel(networkKind)]),
    ...(country === null ? [] : [countryName(country)]),
    ...(asn === null ? [] : [`AS${asn}`]),
  ];
  return known.length === 0 ? 'unknown network' : known.join(', ');
}

function FailureRow({ group }: { group: PinFailureGroup }) {
  const { label, tone } = KIND_LABEL[group.kind];
  return (
    <tr>
      <Td className="py-2">
        <Badge tone={tone}>{label}</Badge>
        <span className="mt-0.5 block text-sm text-dim">{failureMeaning(group)}</span>
      </Td>
      <Td className="py-2">
        <code className="font-mono text-sm">{group.networkPrefix}</code>
        <span className="block text-sm text-faint">{placeOf(group)}</span>
      </Td>
      <Td className="py-2 max-md:hidden">
        <code className="font-mono text-sm" data-tooltip={group.leafPin}>
          {shortPin(group.leafPin)}
        </code>
        <span className="block text-sm text-faint" data-tooltip={group.leafIssuer}>
          {commonName(group.leafSubject)}, issued by {commonName(group.leafIssuer)}
        </span>
      </Td>
      <Td numeric>{formatCount(group.devices)}</Td>
      <Td className="max-md:hidden">
        <Time at={group.lastAt} />
      </Td>
    </tr>
  );
}
