import { ChevronLeft } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';

export interface PageHeaderProps {
  title: ReactNode;
  /** One sentence on what is to be seen or done here. */
  description?: ReactNode;
  /** The page above this one. */
  back?: { label: string; href: string };
  /** Buttons at the right end; the primary one last. */
  actions?: ReactNode;
}

/** The first lines of a page. */
export function PageHeader({ title, description, back, actions }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-end gap-x-4 gap-y-2 py-1">
      <div className="min-w-0 flex-1 basis-60">
        {back === undefined ? null : (
          <Link
            href={back.href}
            className="-ml-1 inline-flex h-6 items-center gap-0.5 rounded-[5px] pr-1 text-sm text-dim hover:text-ink"
          >
            <ChevronLeft aria-hidden size={14} />
            {back.label}
          </Link>
        )}
        <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold">{title}</h1>
        {description === undefined ? null : <p className="mt-0.5 text-dim">{description}</p>}
      </div>
      {actions === undefined ? null : <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  );
}
