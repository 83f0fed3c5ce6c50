import { formatCount } from '@/components/ui/format';
import { type MarkedVerdict, VerdictLabel, VerdictMark } from '@/components/ui/verdict-mark';
import type { Explanation } from '@/lib/contracts';
import type { ThreatTitles } from './explain-reason';
import { ExplainSection } from './explain-section';

const VERDICT_OF_RESPONSE: Readonly<Record<string, MarkedVerdict>> = {
  ignore: 'unknown',
  observe: 'unknown',
  flag: 'flagged',
  restrict: 'restricted',
  reject: 'rejected',
};

export interface ExplainSignalsProps {
  explanation: Explanation;
  titles: ThreatTitles;
}

/** What else matched a rule than the one that decided, and what the app reported of itself: found, clear, or under a name that nobody knows. */
export function ExplainSignals({ explanation, titles }: ExplainSignalsProps) {
  const { appraisal, signals } = explanation.detail;
  const others = appraisal.matched.filter(({ rule }) => rule !== explanation.decidingRule);
  const { found, clear, unknown } = signals;
  const reported = found.length + clear.length + unknown.length;
  return (
    <>
      {others.length === 0 ? null : (
        <ExplainSection
          title={explanation.decidingRule === null ? 'Rules that matched' : 'Other rules that matched'}
          note={formatCount(others.length)}
        >
          <ul>
            {others.map((match) => (
              <li
                key={match.rule}
                className="grid min-h-6 grid-cols-[6.5rem_1fr] items-baseline gap-x-2 py-0.5"
              >
                <VerdictLabel verdict={VERDICT_OF_RESPONSE[match.response] ?? 'unknown'}>
                  {match.response}
                </VerdictLabel>
                <span className="min-w-0">
                  {titles[match.threat] ?? match.threat}
                  <span className="block text-sm text-dim">
                    {match.reason} <code className="wrap-anywhere font-mono text-faint">{match.rule}</code>
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </ExplainSection>
      )}
      <ExplainSection
        title="Signals of the app"
        note={reported === 0 ? 'none reported' : `${found.length} found · ${clear.length} clear`}
      >
        {reported === 0 ? (
          <p className="text-dim">The app reported nothing about itself with this attestation.</p>
        ) : (
          <ul className="flex flex-wrap gap-x-4 gap-y-1">
            {found.map((name) => (
              <Signal key={name} name={name} verdict={markOf(name, appraisal)} word="found" />
            ))}
            {clear.map((name) => (
              <Signal key={name} name={name} verdict="trusted" word="clear" />
            ))}
            {unknown.map((name) => (
              <Signal key={name} name={name} verdict="unknown" word="unknown name" />
            ))}
          </ul>
        )}
      </ExplainSection>
    </>
  );
}

/** A signal that was found has the mark of what the policy answers to it. */
function markOf(name: string, { matched }: Explanation['detail']['appraisal']): MarkedVerdict {
  const match = matched.find(({ threat }) => threat === name);
  return match === undefined ? 'flagged' : (VERDICT_OF_RESPONSE[match.response] ?? 'flagged');
}

interface SignalProps {
  name: string;
  verdict: MarkedVerdict;
  word: 'found' | 'clear' | 'unknown name';
}

function Signal({ name, verdict, word }: SignalProps) {
  return (
    <li className="inline-flex items-center gap-1.5">
      <VerdictMark verdict={verdict} />
      <code className="font-mono text-sm">{name}</code>
      <span className={word === 'clear' ? 'sr-only' : 'text-faint text-sm'}>{word}</span>
    </li>
  );
}
