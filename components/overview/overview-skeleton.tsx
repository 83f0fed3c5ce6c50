import { Card } from '@/components/ui/card';
import { Skeleton, SkeletonRows } from '@/components/ui/skeleton';

const FIGURES = 5;

/** The overview while it is read: the same boxes, so that nothing moves when the numbers come. */
export function OverviewSkeleton() {
  return (
    <>
      <Card role="status" className="grid grid-cols-2 sm:grid-cols-3 xl:grid-cols-5">
        <span className="sr-only">Loading the overview…</span>
        {Array.from({ length: FIGURES }, (_, index) => (
          <div key={index} className="grid h-[90px] content-start gap-2.5 px-4 py-4">
            <Skeleton className="w-24" />
            <Skeleton className="h-6 w-20" />
            <Skeleton className="w-14" />
          </div>
        ))}
      </Card>
      <CardsSkeleton />
    </>
  );
}

/** What stands below the figures. */
export function CardsSkeleton() {
  return (
    <>
      <Card aria-hidden className="grid h-80 content-start gap-6 p-4">
        <Skeleton className="w-40" />
        <Skeleton className="h-52" />
      </Card>
      <div className="grid gap-3 lg:grid-cols-2">
        <Card aria-hidden>
          <SkeletonRows label="" />
        </Card>
        <Card aria-hidden>
          <SkeletonRows label="" />
        </Card>
      </div>
    </>
  );
}
