import { cx } from '@/components/ui/cx';

const SKELETON_HEIGHTS = ['h-1/2', 'h-2/3', 'h-3/5', 'h-4/5', 'h-1/3', 'h-3/4', 'h-2/5'];

/** As high as the chart with its heading, so that nothing moves when it comes. */
export function HistogramSkeleton() {
  return (
    <div role="status" className="flex h-33 items-end gap-1 px-4 pt-12 pb-6">
      <span className="sr-only">Loading the distribution over time…</span>
      {Array.from({ length: 40 }, (_, index) => (
        <span
          key={index}
          aria-hidden
          className={cx('flex-1 rounded-[4px] bg-raised', SKELETON_HEIGHTS[index % SKELETON_HEIGHTS.length])}
        />
      ))}
    </div>
  );
}
