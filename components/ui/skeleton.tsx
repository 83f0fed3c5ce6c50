import { cx } from './cx';

/** The place of something that is being loaded. Give it the size of what comes, so that nothing moves. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx('block h-3 rounded-[4px] bg-raised', className)} />;
}

const WIDTHS = ['w-3/4', 'w-1/2', 'w-2/3', 'w-5/6', 'w-2/5'];

/** Rows that are being loaded, announced once to assistive technology. */
export function SkeletonRows({ rows = 6, label }: { rows?: number; label: string }) {
  return (
    <div role="status" className="grid gap-px">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex h-8 items-center gap-6 border-b px-4">
          <Skeleton className="w-20" />
          <Skeleton className="w-16" />
          <span className="flex-1">
            <Skeleton className={WIDTHS[index % WIDTHS.length] ?? 'w-1/2'} />
          </span>
        </div>
      ))}
    </div>
  );
}
