import type { ReactNode } from 'react';
import { cx } from './cx';
import { type MarkedVerdict, VERDICT_STYLES, VerdictMark } from './verdict-mark';

const TONES: Readonly<Record<MarkedVerdict, string>> = {
  trusted: 'tint-trusted border-trusted/35',
  flagged: 'tint-flagged border-flagged/35',
  restricted: 'tint-restricted border-restricted/35',
  rejected: 'tint-rejected border-rejected/35',
  unknown: 'bg-raised border-line',
};

export interface NoticeProps {
  tone: MarkedVerdict;
  /** A few words in the tone's colour before the sentence. */
  lead?: string;
  children: ReactNode;
  /** Buttons at the end. */
  actions?: ReactNode;
}

/** One or two sentences that the reader must not miss, on a tinted surface. */
export function Notice({ tone, lead, children, actions }: NoticeProps) {
  return (
    <div
      role={tone === 'rejected' ? 'alert' : 'status'}
      className={cx(
        'flex flex-wrap items-center gap-x-3 gap-y-2 rounded-card border px-3 py-2.5',
        TONES[tone],
      )}
    >
      <p className="min-w-0 flex-1 basis-64">
        <VerdictMark verdict={tone} className="mr-2" />
        {lead === undefined ? null : <span className={cx('mr-2.5', VERDICT_STYLES[tone].text)}>{lead}</span>}
        {children}
      </p>
      {actions === undefined ? null : <div className="flex gap-2">{actions}</div>}
    </div>
  );
}
