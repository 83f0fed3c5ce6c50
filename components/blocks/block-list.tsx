'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Ban } from 'lucide-react';
import type { ReactNode } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { cx } from '@/components/ui/cx';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { Table, Th } from '@/components/ui/table';
import type { ListedBlock } from '@/lib/contracts';
import { BlockListRow } from './block-list-row';
import { coversApp, type DecisionRights } from './block-rights';
import { type BlockFilter, blockParams, blocksQuery } from './decision-queries';

export interface BlockListProps {
  filter: BlockFilter;
  rights: DecisionRights;
  link: (block: ListedBlock, text: ReactNode) => ReactNode;
  onLift: (block: ListedBlock) => void;
  onClear: () => void;
}

/** Blocks, simulations and allowlist entries, newest first. */
export function BlockList({ filter, rights, link, onLift, onClear }: BlockListProps) {
  const query = useInfiniteQuery(blocksQuery(filter));
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const isNarrowed = Object.keys(blockParams({ ...filter, state: 'all' })).length > 0;
  return (
    <Card aria-label="Blocks" className={cx('transition-opacity', query.isPlaceholderData && 'opacity-60')}>
      {query.isPending ? <SkeletonRows rows={10} label="Loading the blocks…" /> : null}
      {query.isError && rows.length === 0 ? (
        <ErrorState
          title="The blocks could not be loaded"
          error={toApiError(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : null}
      {query.isSuccess && rows.length === 0 ? (
        <EmptyState
          icon={Ban}
          title={isNarrowed ? 'Nothing matches' : 'Nothing is blocked'}
          actions={isNarrowed ? <Button onClick={onClear}>Clear the search and the filters</Button> : null}
        >
          {isNarrowed
            ? 'Search by the start of a target, or by a part of a reason, an owner or an incident.'
            : 'Block a device on its page, the devices of a query on theirs, and everything else here.'}
        </EmptyState>
      ) : null}
      {rows.length === 0 ? null : (
        <Table className="table-fixed">
          <Head />
          <tbody>
            {rows.map((block) => (
              <BlockListRow
                key={block.id}
                block={block}
                link={(text) => link(block, text)}
                mayLift={coversApp(block.effect === 'allow' ? rights.allow : rights.lift, block.appId)}
                onLift={() => onLift(block)}
              />
            ))}
          </tbody>
        </Table>
      )}
      {query.hasNextPage ? (
        <div className="border-t px-2 py-1.5">
          <Button
            variant="ghost"
            size="sm"
            pending={query.isFetchingNextPage ? 'Loading older ones…' : undefined}
            onClick={() => void query.fetchNextPage()}
          >
            Show older ones
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <Th>What</Th>
        <Th className="max-md:hidden">Why and by whom</Th>
        <Th className="w-28 sm:w-36">Until</Th>
        <Th numeric className="w-28 max-sm:hidden">
          Met in 24 h
        </Th>
        <Th className="w-24">
          <span className="sr-only">Acts</span>
        </Th>
      </tr>
    </thead>
  );
}
