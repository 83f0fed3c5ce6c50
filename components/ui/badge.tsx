import type { ReactNode } from 'react';
import { cx } from './cx';
import type { MarkedVerdict } from './verdict-mark';

export type BadgeTone = MarkedVerdict | 'neutral' | 'accent';

const TONES: Readonly<Record<BadgeTone, string>> = {
  neutral: 'bg-raised text-dim',
  accent: 'tint-accent text-accent-text',
  trusted: 'tint-trusted text-trusted-text',
  flagged: 'tint-flagged text-flagged-text',
  restricted: 'tint-restricted text-restricted-text',
  rejected: 'tint-rejected text-rejected-text',
  unknown: 'bg-raised text-unknown-text',
};

/** A short fact beside a name: an environment, a state, a count. Verdicts themselves are a `VerdictLabel`. */
export function Badge({ tone = 'neutral', children }: { tone?: BadgeTone; children: ReactNode }) {
  return (
    <span
      className={cx(
        'inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-[5px] px-1.5 text-xs',
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}
