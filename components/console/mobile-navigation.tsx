'use client';

import { Menu } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { deferred } from '@/components/ui/deferred';
import type { NodesView } from '@/lib/contracts';

const MobileNavigationSheet = deferred(() => import('./mobile-navigation-sheet'));

/** The button that opens the navigation where there is no room for it. */
export function MobileNavigation({ nodes }: { nodes: NodesView | null }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Open the navigation"
        aria-haspopup="dialog"
        aria-expanded={open}
        className="lg:hidden"
        onClick={() => setOpen(true)}
      >
        <Menu aria-hidden size={18} />
      </Button>
      {open ? <MobileNavigationSheet nodes={nodes} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
