'use client';

import { Sheet } from '@/components/ui/sheet';
import type { NodesView } from '@/lib/contracts';
import { Brand, Sidebar } from './sidebar';

export interface MobileNavigationSheetProps {
  nodes: NodesView | null;
  onClose: () => void;
}

/** The navigation on a telephone. */
export default function MobileNavigationSheet({ nodes, onClose }: MobileNavigationSheetProps) {
  return (
    <Sheet open onOpenChange={onClose} title="Navigation" header={<Brand />} side="left" width="sm">
      <Sidebar nodes={nodes} onFollow={onClose} />
    </Sheet>
  );
}
