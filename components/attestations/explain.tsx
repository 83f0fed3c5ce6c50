'use client';

import { TrustVectorRadar } from '@/components/charts/trust-vector-radar';
import { cx } from '@/components/ui/cx';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import { type MarkedVerdict, VERDICT_OF_OUTCOME, VerdictMark } from '@/components/ui/verdict-mark';
import type { Explanation } from '@/lib/contracts';
import { ExplainFacts } from './explain-facts';
import { ExplainIntegrity } from './explain-integrity';
import { prepareReason, type Span, summariseChecks, type ThreatTitles } from './explain-reason';
import { ExplainSection } from './explain-section';
import { ExplainSignals } from './explain-signals';

const TINTS: Readonly<Record<MarkedVerdict, string>> = {
  trusted: 'tint-trusted',
  flagged: 'tint-flagged',
  restricted: 'tint-restricted',
  rejected: 'tint-rejected',
  unknown: 'bg-raised',
};

export interface ExplainProps {
  explanation: Explanation;
  titles: ThreatTitles;
}

/** One attestation with everything that led to its verdict. */
export function Explain({ explanation, titles }: ExplainProps) {
  const { row, detail, activeBlock } = explanation;
  const reason = prepareReason(explanation, titles);
  return (
    <>
      <div className={cx('grid gap-1 border-b px-4 py-3', TINTS[reason.verdict])}>
        <p>
          <Sentence spans={reason.decided} />
        </p>
        {reason.flip === null ? null : (
          <p className="text-dim">
            <Sentence spans={reason.flip} />
          </p>
        )}
      </div>
      {row.environment === 'development' ? (
        <div className="px-4 pt-3">
          <Notice tone="flagged" lead="development evidence">
            It proves nothing about a real device: it was made by a simulator, or in a vendor’s test
            environment.
          </Notice>
        </div>
      ) : null}
      {activeBlock === null ? null : (
        <div className="px-4 pt-3">
          <Notice tone="rejected" lead="blocked now">
            By {activeBlock.createdByName}, <Time at={activeBlock.createdAt} />: “{activeBlock.reason}”
          </Notice>
        </div>
      )}
      <ExplainChecks explanation={explanation} />
      <ExplainSignals explanation={explanation} titles={titles} />
      {detail.integrity == null ? null : <ExplainIntegrity claims={detail.integrity} />}
      <ExplainFacts explanation={explanation} />
      <ExplainSection title="Trust vector" note="AR4SI">
        <div className="-mx-4">
          <TrustVectorRadar vector={detail.appraisal.vector} />
        </div>
      </ExplainSection>
    </>
  );
}

function Sentence({ spans }: { spans: readonly Span[] }) {
  return spans.map((span, index) => {
    if (span.as === 'strong') {
      return (
        <strong key={index} className="font-semibold text-ink">
          {span.text}
        </strong>
      );
    }
    return span.as === 'code' ? (
      <code key={index} className="wrap-anywhere font-mono text-sm">
        {span.text}
      </code>
    ) : (
      <span key={index}>{span.text}</span>
    );
  });
}

function ExplainChecks({ explanation }: { explanation: Explanation }) {
  const { checks, evidenceCode } = explanation.detail;
  return (
    <ExplainSection title="Checks" note={summariseChecks(checks)}>
      {checks.length === 0 ? <p className="text-dim">No evidence was there to be checked.</p> : null}
      <ul>
        {checks.map((check, index) => (
          <li
            key={`${check.id}-${index}`}
            className="grid min-h-6 grid-cols-[16px_minmax(0,1fr)] items-baseline gap-x-2 py-0.5 sm:grid-cols-[16px_minmax(0,11.5rem)_1fr]"
          >
            <VerdictMark verdict={VERDICT_OF_OUTCOME[check.outcome]} />
            <code className="wrap-anywhere font-mono text-sm">
              {check.id}
              <span className="sr-only">: {check.outcome}</span>
            </code>
            <span className="text-dim max-sm:col-start-2">{check.detail}</span>
          </li>
        ))}
      </ul>
      {evidenceCode === null ? null : (
        <p className="pt-1 text-dim">
          The evidence was refused as{' '}
          <code className="font-mono text-rejected-text text-sm">{evidenceCode}</code>.
        </p>
      )}
    </ExplainSection>
  );
}
