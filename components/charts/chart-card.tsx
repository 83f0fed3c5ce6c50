'use client';

import { ChartArea, Table2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { buttonClass } from '@/components/ui/button';
import { Card } from '@/components/ui/card';

export interface ChartCardProps {
  title: string;
  /** What the figures are: "per 15 min". */
  note?: ReactNode;
  legend?: ReactNode;
  chart: ReactNode;
  /** The same data as a table; every chart has one. */
  table: ReactNode;
  className?: string;
}

/** A card that holds a chart, and shows the same data as a table at the press of a button. */
export function ChartCard({ title, note, legend, chart, table, className }: ChartCardProps) {
  const [asTable, setAsTable] = useState(false);
  const Icon = asTable ? ChartArea : Table2;
  const label = asTable ? `Show ${title} as a chart` : `Show ${title} as a table`;
  return (
    <Card {...(className === undefined ? {} : { className })}>
      <header className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 py-1.5 pr-2 pl-4">
        <h2 className="font-semibold">{title}</h2>
        {legend}
        <div className="ml-auto flex items-center gap-1">
          {note === undefined ? null : <span className="text-sm text-dim">{note}</span>}
          <button
            type="button"
            aria-label={label}
            aria-pressed={asTable}
            data-tooltip={asTable ? 'As a chart' : 'As a table'}
            onClick={() => setAsTable(!asTable)}
            className={buttonClass('ghost', 'icon')}
          >
            <Icon aria-hidden size={15} />
          </button>
        </div>
      </header>
      {asTable ? (
        <section
          aria-label={`${title} as a table`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="max-h-72 overflow-y-auto border-t focus-visible:outline-offset-[-2px]"
        >
          {table}
        </section>
      ) : (
        chart
      )}
    </Card>
  );
}
