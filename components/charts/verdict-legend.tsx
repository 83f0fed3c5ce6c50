import { buttonClass } from '@/components/ui/button';
import { cx } from '@/components/ui/cx';
import { VERDICT_ORDER, VERDICT_STYLES, VerdictMark } from '@/components/ui/verdict-mark';
import type { Verdict } from '@/lib/contracts';

export interface VerdictLegendProps {
  /** The verdicts that are shown; none means all of them. */
  shown?: readonly string[];
  /** Called with the verdict that is to be seen alone; without it the legend only explains. */
  onIsolate?: (verdict: Verdict) => void;
}

/** The verdicts with their marks, in the order of the stack. A press shows one alone, a second one all again. */
export function VerdictLegend({ shown = [], onIsolate }: VerdictLegendProps) {
  if (onIsolate === undefined) {
    return (
      <ul className="flex flex-wrap gap-x-4 text-sm text-dim">
        {VERDICT_ORDER.map((verdict) => (
          <li key={verdict} className="flex items-center gap-1.5">
            <VerdictMark verdict={verdict} />
            {VERDICT_STYLES[verdict].label}
          </li>
        ))}
      </ul>
    );
  }
  return (
    <ul className="-ml-2 flex flex-wrap">
      {VERDICT_ORDER.map((verdict) => {
        const alone = shown.length === 1 && shown[0] === verdict;
        const hidden = shown.length > 0 && !shown.includes(verdict);
        return (
          <li key={verdict}>
            <button
              type="button"
              aria-pressed={alone}
              data-tooltip={
                alone ? 'Show every verdict' : `Show only ${VERDICT_STYLES[verdict].label.toLowerCase()}`
              }
              onClick={() => onIsolate(verdict)}
              className={cx(
                buttonClass('ghost', 'sm'),
                alone && 'bg-raised text-ink',
                hidden && 'text-faint line-through',
              )}
            >
              <VerdictMark verdict={verdict} />
              {VERDICT_STYLES[verdict].label}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
