'use client';

import { CopyButton } from '@/components/ui/copy-button';

export interface CodeBlockProps {
  /** What it is, and what its copy button copies: "nginx configuration". */
  label: string;
  code: string;
}

/** Code to be copied. */
export function CodeBlock({ label, code }: CodeBlockProps) {
  return (
    <figure className="min-w-0 overflow-hidden rounded-control border bg-background">
      <figcaption className="flex h-9 items-center justify-between border-b pr-1.5 pl-3 text-sm text-dim">
        {label}
        <CopyButton value={code} label={`Copy the ${label}`} />
      </figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-[28rem] overflow-auto px-3 py-2.5 font-mono text-sm leading-normal focus-visible:outline-offset-[-2px]"
      >
        <code>{code}</code>
      </pre>
    </figure>
  );
}
