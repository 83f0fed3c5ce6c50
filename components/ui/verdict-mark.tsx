import type { Check, Verdict } from '@/lib/contracts';
import { cx } from './cx';

/** A verdict, or `unknown` where there is none (a check that was skipped, a state not yet reported). */
export type MarkedVerdict = Verdict | 'unknown';

/** How each verdict is drawn: a shape *and* a colour, so that neither is needed to tell them apart. */
export const VERDICT_STYLES: Readonly<
  Record<MarkedVerdict, { label: string; path: string; fill: string; stroke: string; text: string }>
> = {
  trusted: {
    label: 'Trusted',
    path: 'M5 1a4 4 0 1 1 0 8a4 4 0 1 1 0-8Z',
    fill: 'fill-trusted',
    stroke: 'stroke-trusted',
    text: 'text-trusted-text',
  },
  flagged: {
    label: 'Flagged',
    path: 'M5 .8 9.4 9H.6Z',
    fill: 'fill-flagged',
    stroke: 'stroke-flagged',
    text: 'text-flagged-text',
  },
  restricted: {
    label: 'Restricted',
    path: 'M5 .2 9.8 5 5 9.8 .2 5Z',
    fill: 'fill-restricted',
    stroke: 'stroke-restricted',
    text: 'text-restricted-text',
  },
  rejected: {
    label: 'Rejected',
    path: 'M1.2 1.2h7.6v7.6H1.2Z',
    fill: 'fill-rejected',
    stroke: 'stroke-rejected',
    text: 'text-rejected-text',
  },
  unknown: {
    label: 'Unknown',
    path: 'M5 1.6a3.4 3.4 0 1 1 0 6.8a3.4 3.4 0 1 1 0-6.8Z',
    fill: 'fill-none',
    stroke: 'stroke-unknown',
    text: 'text-unknown-text',
  },
};

/** The verdicts in the order of every legend, stack and tooltip: from best to worst. */
export const VERDICT_ORDER = [
  'trusted',
  'flagged',
  'restricted',
  'rejected',
] as const satisfies readonly Verdict[];

export interface VerdictMarkProps {
  verdict: MarkedVerdict;
  /** Edge of the mark in pixels. */
  size?: number;
  className?: string;
}

/** The shape of a verdict, without words: decorative beside a text that says the same. */
export function VerdictMark({ verdict, size = 9, className }: VerdictMarkProps) {
  const style = VERDICT_STYLES[verdict];
  return (
    <svg
      viewBox="0 0 10 10"
      width={size}
      height={size}
      aria-hidden
      className={cx('inline-block shrink-0 overflow-visible', style.fill, className)}
    >
      <path d={style.path} className={verdict === 'unknown' ? style.stroke : undefined} strokeWidth={1.2} />
    </svg>
  );
}

/** A verdict as mark and word: `■ rejected`. `children` replaces the word. */
export function VerdictLabel({
  verdict,
  size,
  className,
  children,
}: VerdictMarkProps & { children?: string }) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 whitespace-nowrap',
        VERDICT_STYLES[verdict].text,
        className,
      )}
    >
      <VerdictMark verdict={verdict} {...(size === undefined ? {} : { size })} />
      {children ?? VERDICT_STYLES[verdict].label.toLowerCase()}
    </span>
  );
}

/** The mark of a verification step's outcome. */
export const VERDICT_OF_OUTCOME: Readonly<Record<Check['outcome'], MarkedVerdict>> = {
  pass: 'trusted',
  warn: 'flagged',
  fail: 'rejected',
  skip: 'unknown',
};
