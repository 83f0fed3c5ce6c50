import { Card } from '@/components/ui/card';
import { Skeleton, SkeletonRows } from '@/components/ui/skeleton';

/** What stands in the frame while the server reads a page. */
export default function PageLoading() {
  return (
    <>
      <div className="grid gap-2.5 py-2">
        <Skeleton className="h-5 w-40" />
        <Skeleton className="w-72" />
      </div>
      <Card aria-label="Loading">
        <SkeletonRows rows={10} label="Loading the page…" />
      </Card>
    </>
  );
}
