import { VERDICT_ORDER, VERDICT_STYLES, VerdictMark } from '@/components/ui/verdict-mark';

/** The verdicts with their marks, in the order of the stack. */
export function VerdictLegend() {
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
