import type { ComponentProps } from 'react';
import { cx } from './cx';

/** A dense table that scrolls sideways inside its card rather than widening the page. */
export function Table({ className, ...props }: ComponentProps<'table'>) {
  return (
    <div className="overflow-x-auto">
      <table {...props} className={cx('w-full border-collapse text-left', className)} />
    </div>
  );
}

/** A column heading; `numeric` aligns it with the figures under it. */
export function Th({ className, numeric, ...props }: ComponentProps<'th'> & { numeric?: boolean }) {
  return (
    <th
      scope="col"
      {...props}
      className={cx(
        'h-8 whitespace-nowrap border-b px-2 text-sm font-normal text-faint first:pl-4 last:pr-4',
        numeric === true && 'text-right',
        className,
      )}
    />
  );
}

/** A cell of 31 px. `mono` for identifiers, codes, versions and times; `numeric` for figures. */
export function Td({
  className,
  numeric,
  mono,
  ...props
}: ComponentProps<'td'> & { numeric?: boolean; mono?: boolean }) {
  return (
    <td
      {...props}
      className={cx(
        'h-[31px] border-b px-2 first:pl-4 last:pr-4 [tr:last-child>&]:border-b-0',
        numeric === true && 'text-right',
        mono === true && 'font-mono text-sm',
        className,
      )}
    />
  );
}
