import { formatChange, formatCount, formatPercent, formatPoints } from '@/components/ui/format';
import { VERDICT_ORDER, VERDICT_STYLES } from '@/components/ui/verdict-mark';
import type { Comparison, Verdict } from '@/lib/contracts';

/** A difference of shares that is worth a look: a percentage point. */
const NOTABLE = 0.01;

/** One figure on both sides. */
export interface ComparedRow {
  id: string;
  label: string;
  /** The verdict that the figure is of. */
  mark?: Verdict;
  a: string;
  b: string;
  /** What the first side has more or less than the second; empty where there is nothing to compare. */
  difference: string;
  /** Whether the difference is bad news for the first side. */
  worse: boolean;
}

type Side = Comparison['a'];

/** The figures of both sides: how many, how many passed, and the share of each verdict. */
export function compareFigures({ a, b }: Pick<Comparison, 'a' | 'b'>): ComparedRow[] {
  return [
    {
      id: 'attestations',
      label: 'Attestations',
      a: formatCount(a.attestations),
      b: formatCount(b.attestations),
      difference: formatChange(a.attestations, b.attestations) ?? '',
      worse: false,
    },
    {
      id: 'pass-rate',
      label: 'Pass rate',
      ...shares(a.passRate, b.passRate),
      worse: isNotable(b.passRate, a.passRate),
    },
    ...VERDICT_ORDER.map((verdict) => ({
      id: verdict,
      label: VERDICT_STYLES[verdict].label,
      mark: verdict,
      ...shares(shareOf(a, verdict), shareOf(b, verdict)),
      worse: verdict !== 'trusted' && isNotable(shareOf(a, verdict), shareOf(b, verdict)),
    })),
  ];
}

/** The threats whose shares differ most. A side without attestations has no shares. */
export function compareThreats({ a, b, threats }: Comparison, count: number): ComparedRow[] {
  return threats.slice(0, count).map(({ threat, title, ...share }) => {
    const ofA = a.attestations === 0 ? null : share.a;
    const ofB = b.attestations === 0 ? null : share.b;
    return { id: threat, label: title, ...shares(ofA, ofB), worse: isNotable(ofA, ofB) };
  });
}

function shareOf({ attestations, verdicts }: Side, verdict: Verdict): number | null {
  return attestations === 0 ? null : (verdicts[verdict] ?? 0) / attestations;
}

function shares(a: number | null, b: number | null): Pick<ComparedRow, 'a' | 'b' | 'difference'> {
  return { a: formatPercent(a), b: formatPercent(b), difference: formatPoints(a, b) ?? '' };
}

function isNotable(a: number | null, b: number | null): boolean {
  return a !== null && b !== null && a - b >= NOTABLE;
}
