'use client';

import { useQuery } from '@tanstack/react-query';
import { toApiError } from '@/components/query/api-error';
import { Card, CardHeader } from '@/components/ui/card';
import { formatCount, formatPercent, plural } from '@/components/ui/format';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { Rollout, RolloutShadow } from '@/lib/contracts';
import { shadowQuery } from './rollout-queries';
import { flipsOf } from './rollout-words';

/** Which verdicts differ between the version in force and the new one, over the attestations of the stage. */
export function ShadowCard({ rollout }: { rollout: Rollout }) {
  const query = useQuery(shadowQuery(rollout));
  return (
    <Card aria-label="Verdicts that differ">
      <CardHeader
        title="Verdicts that differ"
        note={query.data && `${plural(query.data.attestations, 'attestation')} in this stage`}
      />
      {query.data !== undefined ? (
        <Flips shadow={query.data} rollout={rollout} />
      ) : query.isError ? (
        <ErrorState
          title="The verdicts could not be compared"
          error={toApiError(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <SkeletonRows rows={3} label="Comparing verdicts…" />
      )}
    </Card>
  );
}

function Flips({ shadow, rollout }: { shadow: RolloutShadow; rollout: Rollout }) {
  const { flips, stricter, milder, share } = flipsOf(shadow);
  if (share === null) {
    return <p className="px-4 pb-4 text-dim">Nobody has attested in this stage yet.</p>;
  }
  if (flips.length === 0) {
    return (
      <p className="px-4 pb-4 text-dim">
        Both versions say the same of every attestation since the stage began.
      </p>
    );
  }
  return (
    <>
      <p className="px-4 pb-3 text-dim">
        <span className="text-ink">{formatPercent(share)}</span> of them: {formatCount(stricter)} become
        stricter, {formatCount(milder)} milder.
      </p>
      <Table className="border-t">
        <thead>
          <tr>
            <Th>Version {rollout.baseVersion}</Th>
            <Th>Version {rollout.version}</Th>
            <Th numeric>Attestations</Th>
            <Th numeric>Devices</Th>
          </tr>
        </thead>
        <tbody>
          {flips.map(({ from, to, attestations, devices }) => (
            <tr key={`${from} ${to}`}>
              <Td>
                <VerdictLabel verdict={from} />
              </Td>
              <Td>
                <VerdictLabel verdict={to} />
              </Td>
              <Td numeric>{formatCount(attestations)}</Td>
              <Td numeric>{formatCount(devices)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}
