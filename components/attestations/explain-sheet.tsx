'use client';

import { useQuery } from '@tanstack/react-query';
import { Check, Link2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Sheet } from '@/components/ui/sheet';
import { Skeleton, SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { Explanation } from '@/lib/contracts';
import { explanationQuery } from './attestation-queries';
import { Explain } from './explain';
import type { ThreatTitles } from './explain-reason';

export interface ExplainSheetProps {
  /** Id or reference of the attestation. */
  event: string;
  titles: ThreatTitles;
  onClose: () => void;
  /** What was just done about it, above everything else. */
  above: (explanation: Explanation) => ReactNode;
  /** What can be done about it. */
  acts: (explanation: Explanation) => ReactNode;
}

/** Why one attestation got its verdict, at the side of the list; the list stays usable. */
export default function ExplainSheet({ event, titles, onClose, above, acts }: ExplainSheetProps) {
  const query = useQuery(explanationQuery(event));
  const explanation = query.data;
  return (
    <Sheet
      open
      modal={false}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={
        explanation === undefined ? 'Attestation' : `Attestation ${explanation.row.reference}, explained`
      }
      {...(query.isError && explanation === undefined
        ? {}
        : { header: <Header explanation={explanation} /> })}
      footer={explanation === undefined ? undefined : acts(explanation)}
    >
      {explanation === undefined ? (
        query.isError ? (
          <ErrorState
            title="This attestation could not be explained"
            error={toApiError(query.error)}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <SkeletonRows rows={14} label="Loading the explanation…" />
        )
      ) : (
        <>
          {above(explanation)}
          <Explain explanation={explanation} titles={titles} />
        </>
      )}
    </Sheet>
  );
}

function Header({ explanation }: { explanation: Explanation | undefined }) {
  if (explanation === undefined) return <Skeleton className="w-40" />;
  const { row } = explanation;
  return (
    <div className="flex items-center gap-2.5">
      <VerdictLabel verdict={row.verdict} />
      <span className="flex items-center gap-0.5">
        <code className="font-mono font-medium text-lg">{row.reference}</code>
        <CopyButton value={row.reference} label="Copy reference" />
      </span>
      {row.environment === 'development' ? <Badge tone="flagged">development</Badge> : null}
      <CopyLink event={row.id} />
    </div>
  );
}

/** Copies an address that shows this attestation to a colleague, whatever the list is narrowed to. */
function CopyLink({ event }: { event: string }) {
  const [copied, setCopied] = useState(false);
  const Icon = copied ? Check : Link2;
  return (
    <Button
      size="sm"
      className="ml-auto"
      onClick={() => {
        const url = `${location.origin}/attestations?event=${encodeURIComponent(event)}`;
        navigator.clipboard.writeText(url).then(
          () => setCopied(true),
          () => setCopied(false),
        );
      }}
      onBlur={() => setCopied(false)}
    >
      <Icon aria-hidden size={13} />
      <span aria-live="polite">{copied ? 'Copied' : 'Copy link'}</span>
    </Button>
  );
}
