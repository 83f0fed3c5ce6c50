import { Skeleton } from '@/components/ui/skeleton';

const WIDTHS = ['w-2/3', 'w-1/2', 'w-3/4', 'w-2/5', 'w-1/2', 'w-2/3'];

/** Filters that are being loaded. */
export function FacetSkeleton() {
  return (
    <div role="status" className="grid gap-3">
      <span className="sr-only">Loading filters…</span>
      {WIDTHS.map((width, index) => (
        <Skeleton key={index} className={width} />
      ))}
    </div>
  );
}

/** The place of the filters until their script is there: as high on a telephone as their button. */
export function FacetsPlaceholder() {
  return (
    <div className="min-h-8">
      <div className="max-lg:hidden">
        <h2 className="flex min-h-8 items-center font-semibold">Filters</h2>
        <div className="mt-2">
          <FacetSkeleton />
        </div>
      </div>
    </div>
  );
}
