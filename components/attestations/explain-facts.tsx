'use client';

import type { ReactNode } from 'react';
import { Facts } from '@/components/ui/card';
import { CopyableId } from '@/components/ui/copy-button';
import { countryName, formatLabel, networkKindLabel, platformLabel } from '@/components/ui/domain-labels';
import { evidenceFacts } from '@/components/ui/evidence-facts';
import { formatCount, plural } from '@/components/ui/format';
import { Time } from '@/components/ui/time';
import type { Explanation } from '@/lib/contracts';
import { asnText } from './attestation-columns';
import { ExplainSection } from './explain-section';

interface Fact {
  label: string;
  value: ReactNode;
  mono?: boolean;
}

/** What the evidence proves, who attested from where, what is known of it, and how it was decided. */
export function ExplainFacts({ explanation }: { explanation: Explanation }) {
  const { claims } = explanation.detail;
  return (
    <>
      {claims === null ? null : (
        <ExplainSection title="Evidence" note={formatLabel(claims.format)}>
          <Facts items={evidenceFacts(claims)} />
        </ExplainSection>
      )}
      <ExplainSection title="Instance">
        <Facts items={instanceFacts(explanation)} />
      </ExplainSection>
      <ExplainSection title="Decision">
        <Facts items={decisionFacts(explanation)} />
      </ExplainSection>
    </>
  );
}

function instanceFacts({ row, format, history }: Explanation): Fact[] {
  const network = [
    row.networkPrefix ?? 'unknown',
    row.country === null ? null : countryName(row.country),
    row.asn === null ? null : asnText(row.asn),
    row.networkKind === 'unknown' ? null : networkKindLabel(row.networkKind),
  ];
  return [
    {
      label: 'Instance',
      value:
        row.instanceId === null ? (
          'none: it was not enrolled'
        ) : (
          <CopyableId value={row.instanceId} label="Copy instance id" short />
        ),
    },
    {
      label: 'Device',
      value: [row.model, `${platformLabel(row.platform)} ${row.osVersion}`.trim(), `app ${row.appVersion}`]
        .filter((part) => part !== '')
        .join(', '),
    },
    { label: 'Evidence', value: format === null ? 'none' : formatLabel(format) },
    { label: 'Network', value: network.filter((part) => part !== null).join(', ') },
    {
      label: 'History',
      value:
        history === null ? (
          'none'
        ) : (
          <>
            {plural(history.attestations30d, 'attestation')} in 30 days, {formatCount(history.trusted30d)}{' '}
            trusted; first seen <Time at={history.firstSeenAt} />
          </>
        ),
    },
  ];
}

function decisionFacts({ row, policyVersion, decidingRule, latencyUs, node, detail }: Explanation): Fact[] {
  return [
    { label: 'Received', value: <Time at={row.receivedAt} format="exact" /> },
    { label: 'Asked for', value: row.kind === 'enrol' ? 'enrolment of a new instance' : 'a token' },
    { label: 'Policy', value: `${row.appName} v${policyVersion}` },
    { label: 'Deciding rule', value: decidingRule ?? 'none', mono: decidingRule !== null },
    { label: 'Token', value: detail.tokenId ?? 'none issued', mono: detail.tokenId !== null },
    { label: 'Decided in', value: `${(latencyUs / 1000).toFixed(2)} ms on ${node}` },
  ];
}
