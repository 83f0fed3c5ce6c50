'use client';

import { useId } from 'react';
import { cx } from '@/components/ui/cx';
import { type MarkedVerdict, VerdictMark } from '@/components/ui/verdict-mark';
import type { Response } from '@/lib/contracts';
import { RESPONSES } from '../response-words';

const CHOSEN: Readonly<Record<MarkedVerdict, string>> = {
  trusted: 'tint-trusted text-trusted-text',
  flagged: 'tint-flagged text-flagged-text',
  restricted: 'tint-restricted text-restricted-text',
  rejected: 'tint-rejected text-rejected-text',
  unknown: 'bg-raised text-ink',
};

export interface ResponseChoiceProps {
  /** Name for assistive technology: "Response to Debugger attached". */
  label: string;
  value: Response;
  onChange: (response: Response) => void;
  disabled?: boolean;
}

/** Exactly one of the five responses. The arrow keys choose, as in any group of radio buttons. */
export function ResponseChoice({ label, value, onChange, disabled = false }: ResponseChoiceProps) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className="inline-flex h-7 shrink-0 items-stretch overflow-hidden rounded-control border border-edge/60 bg-card"
    >
      {RESPONSES.map(({ value: response, mark, does }) => (
        <label
          key={response}
          data-tooltip={does}
          className={cx(
            'relative inline-flex items-center gap-1 border-l px-1.5 text-sm first:border-l-0 sm:px-2',
            'has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:-outline-offset-2',
            response === value ? cx(CHOSEN[mark], 'font-medium') : 'text-dim',
            disabled ? '' : 'cursor-pointer not-has-checked:hover:bg-raised not-has-checked:hover:text-ink',
          )}
        >
          <input
            type="radio"
            name={name}
            value={response}
            checked={response === value}
            disabled={disabled}
            onChange={() => onChange(response)}
            className="absolute inset-0 cursor-[inherit] appearance-none rounded-[inherit] outline-none"
          />
          {response === value ? <VerdictMark verdict={mark} size={8} /> : null}
          {response}
        </label>
      ))}
    </div>
  );
}
