import Link from 'next/link';
import type { ReactNode } from 'react';
import { Mark } from '@/components/ui/mark';
import type { NodesView } from '@/lib/contracts';
import { NavLinks } from './nav-links';
import { NodeStatus } from './node-status';

/** Mark and name; leads to the overview. */
export function Brand() {
  return (
    <Link
      href="/overview"
      className="flex h-9 items-center gap-2.5 self-start rounded-control px-2 text-lg font-semibold"
    >
      <Mark />
      Countersign
    </Link>
  );
}

export interface SidebarProps {
  nodes: NodesView | null;
  /** What stands at the top. */
  head?: ReactNode;
  /** Called when a link was followed: closes the sheet that the sidebar is in on a telephone. */
  onFollow?: () => void;
}

/** The navigation, and the state of the nodes at its foot. */
export function Sidebar({ nodes, head, onFollow }: SidebarProps) {
  return (
    <div className="flex h-full flex-col gap-5 p-2.5">
      {head}
      <NavLinks {...(onFollow === undefined ? {} : { onFollow })} />
      <footer className="mt-auto border-t px-2.5 pt-3 pb-1">
        <NodeStatus initial={nodes} />
      </footer>
    </div>
  );
}
