'use client';

import { useQuery } from '@tanstack/react-query';
import { toApiError } from '@/components/query/api-error';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import { ButtonLink } from '@/components/ui/button-link';
import { cx } from '@/components/ui/cx';
import { Dialog } from '@/components/ui/dialog';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { Appraisal, Policy, ReplayExplain, ReplaySample } from '@/lib/contracts';
import { policyPath } from '../policy-queries';
import { markOf } from '../response-words';

export interface ExplainBothDialogProps {
  appId: string;
  sample: ReplaySample;
  policy: Policy;
  titles: Readonly<Record<string, string>>;
  onClose: () => void;
}

/** One recorded attestation under the version in force and under what is being edited, side by side. */
export default function ExplainBothDialog({
  appId,
  sample,
  policy,
  titles,
  onClose,
}: ExplainBothDialogProps) {
  const { eventId, reference } = sample;
  const query = useQuery({
    queryKey: [QUERY_ROOTS.policies, appId, 'explain', eventId, policy] as const,
    queryFn: ({ signal }) =>
      apiFetch<ReplayExplain>(`${policyPath(appId)}/replay/explain`, {
        ...{ method: 'POST', body: { id: appId, eventId, policy }, signal },
      }),
    retry: false,
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="lg"
      title={`Attestation ${reference} under both policies`}
      description={
        <>
          {sample.model} {sample.osVersion}, app {sample.appVersion}, received <Time at={sample.receivedAt} />
        </>
      }
      footer={<ButtonLink href={`/attestations?event=${reference}`}>Open in Explain</ButtonLink>}
    >
      {query.data === undefined ? (
        query.isError ? (
          <ErrorState
            title="It could not be explained"
            error={toApiError(query.error)}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <SkeletonRows rows={8} label="Judging it under both…" />
        )
      ) : (
        <div className="grid gap-4 sm:grid-cols-2">
          <Side
            title={`Version ${query.data.against}, in force`}
            appraisal={query.data.before}
            titles={titles}
          />
          <Side title="What is being edited" appraisal={query.data.after} titles={titles} />
        </div>
      )}
    </Dialog>
  );
}

interface SideProps {
  title: string;
  appraisal: Appraisal;
  titles: Readonly<Record<string, string>>;
}

function Side({ title, appraisal, titles }: SideProps) {
  const { verdict, decidingRule, matched, smallestFlip } = appraisal;
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="text-sm text-dim">{title}</h3>
      <p className="flex flex-wrap items-baseline gap-x-3 py-1 text-lg">
        <VerdictLabel verdict={verdict} />
        {decidingRule === null ? null : (
          <code className="wrap-anywhere font-mono text-sm text-dim">{decidingRule}</code>
        )}
      </p>
      {matched.length === 0 ? (
        <p className="text-dim">Nothing was found that this policy does not ignore.</p>
      ) : (
        <ul className="grid gap-1.5 py-1">
          {matched.map((match) => (
            <li
              key={`${match.rule} ${match.threat}`}
              className={cx('border-l-2 pl-2', match.rule === decidingRule ? 'border-accent' : 'border-line')}
            >
              <span className="flex flex-wrap items-baseline gap-x-2">
                <VerdictLabel verdict={markOf(match.response)} size={8}>
                  {match.response}
                </VerdictLabel>
                {titles[match.threat] ?? match.threat}
              </span>
              <span className="block text-sm text-dim">{match.reason}</span>
              <code className="wrap-anywhere font-mono text-sm text-faint">{match.rule}</code>
            </li>
          ))}
        </ul>
      )}
      {smallestFlip === null ? null : (
        <p className="pt-1 text-sm text-dim">
          Smallest change that flips it:{' '}
          {smallestFlip.changes
            .map(({ threat, from, to }) => `${titles[threat] ?? threat}: ${from} → ${to}`)
            .join(', ')}
          . It would then be {smallestFlip.verdict}.
        </p>
      )}
    </section>
  );
}
