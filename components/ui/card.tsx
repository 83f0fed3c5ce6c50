import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx';

/** A surface with a hairline border. */
export function Card({ className, ...props }: ComponentProps<'section'>) {
  return <section {...props} className={cx('min-w-0 rounded-card border bg-card', className)} />;
}

export interface CardHeaderProps {
  title: ReactNode;
  /** What qualifies the title, in a whisper: a unit, a period, a count. */
  note?: ReactNode;
  /** Controls at the right end. */
  children?: ReactNode;
  className?: string;
}

/** The first line of a card: title, note, controls. */
export function CardHeader({ title, note, children, className }: CardHeaderProps) {
  return (
    <header className={cx('flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2', className)}>
      <h2 className="font-semibold">{title}</h2>
      <div className="ml-auto flex flex-wrap items-center justify-end gap-2">
        {note === undefined ? null : <span className="text-sm text-dim">{note}</span>}
        {children}
      </div>
    </header>
  );
}

/** Label and value pairs, as in the Explain panel and on a device's page. */
export function Facts({ items }: { items: readonly { label: string; value: ReactNode; mono?: boolean }[] }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-4">
      {items.map((item) => (
        <div key={item.label} className="col-span-2 grid min-h-7 grid-cols-subgrid items-baseline py-1">
          <dt className="text-dim">{item.label}</dt>
          <dd className={cx('min-w-0 break-words', item.mono === true && 'font-mono text-sm')}>
            {item.value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
