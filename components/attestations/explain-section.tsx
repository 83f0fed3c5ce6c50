import type { ReactNode } from 'react';

export interface ExplainSectionProps {
  title: string;
  note?: ReactNode;
  children: ReactNode;
}

/** One part of the explanation under a hairline, with a whispered heading. */
export function ExplainSection({ title, note, children }: ExplainSectionProps) {
  return (
    <section aria-label={title} className="border-b px-4 py-3 last:border-b-0">
      <header className="flex items-baseline justify-between gap-3 pb-1.5 text-sm text-faint">
        <h3 className="font-normal">{title}</h3>
        {note === undefined ? null : <span>{note}</span>}
      </header>
      {children}
    </section>
  );
}
