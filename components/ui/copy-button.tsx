'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { cx } from './cx';

export interface CopyButtonProps {
  value: string;
  /** What it copies: "Copy reference". */
  label: string;
  className?: string;
}

/** Copies a text to the clipboard and says that it did. */
export function CopyButton({ value, label, className }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={copied ? 'Copied' : label}
      data-tooltip={copied ? 'Copied' : label}
      onClick={() => {
        navigator.clipboard.writeText(value).then(
          () => setCopied(true),
          () => setCopied(false),
        );
      }}
      className={cx(
        'inline-flex size-6 items-center justify-center rounded-[5px] text-faint hover:bg-raised hover:text-ink',
        className,
      )}
    >
      <Icon aria-hidden size={13} />
      <span aria-live="polite" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  );
}

/** An identifier in mono with its copy button; long ones are cut in the middle, the whole is the tooltip. */
export function CopyableId({
  value,
  label,
  short = false,
}: {
  value: string;
  label: string;
  short?: boolean;
}) {
  const shown = short && value.length > 13 ? `${value.slice(0, 8)}…${value.slice(-4)}` : value;
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-1">
      <code className="truncate font-mono text-sm" data-tooltip={shown === value ? undefined : value}>
        {shown}
      </code>
      <CopyButton value={value} label={label} />
    </span>
  );
}
