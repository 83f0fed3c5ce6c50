'use client';

import { Search } from 'lucide-react';
import { useState } from 'react';
import { cx } from '@/components/ui/cx';
import { Kbd } from '@/components/ui/kbd';
import type { NodesView } from '@/lib/contracts';
import type { AppChoice } from './app-choice';
import { AppSwitcher } from './app-switcher';
import { LiveMark } from './live-mark';
import { MobileNavigation } from './mobile-navigation';
import { loadPalette, type ShellOverlay, ShellOverlays } from './shell-overlays';
import type { ShellUser } from './shell-user';
import { TimeRangePicker } from './time-range-picker';
import { UserMenu } from './user-menu';

export interface TopbarProps {
  user: ShellUser;
  apps: readonly AppChoice[];
  nodes: NodesView | null;
  signOut: () => Promise<void>;
}

/** What every page has above it: apps, search, live mark, period, account. */
export function Topbar({ user, apps, nodes, signOut }: TopbarProps) {
  const [overlay, setOverlay] = useState<ShellOverlay>(null);
  return (
    <header className="sticky top-0 z-30 flex h-13 items-center gap-2 bg-background px-3 sm:px-5">
      <MobileNavigation nodes={nodes} />
      <AppSwitcher apps={apps} />
      <SearchButton onOpen={() => setOverlay('palette')} />
      <div className="ml-auto flex items-center gap-2">
        <LiveMark />
        <TimeRangePicker />
        <UserMenu user={user} signOut={signOut} onShowShortcuts={() => setOverlay('shortcuts')} />
      </div>
      <ShellOverlays open={overlay} onOpen={setOverlay} signOut={signOut} />
    </header>
  );
}

/** Looks like the field that it opens. */
function SearchButton({ onOpen }: { onOpen: () => void }) {
  const prefetch = () => {
    // Opening it tries again, and shows the failure if it fails again.
    loadPalette().catch(() => {});
  };
  return (
    <button
      type="button"
      aria-label="Search devices, references, apps"
      aria-haspopup="dialog"
      onClick={onOpen}
      onPointerEnter={prefetch}
      onFocus={prefetch}
      className={cx(
        'flex h-8 items-center gap-2 rounded-control border bg-card px-2.5 text-faint transition-colors hover:bg-raised',
        'md:min-w-40 md:max-w-84 md:flex-1',
      )}
    >
      <Search aria-hidden size={14} />
      <span className="flex-1 truncate text-left max-md:hidden">Search devices, references, apps</span>
      <span className="flex gap-1 max-md:hidden">
        <Kbd>Ctrl K</Kbd>
      </span>
    </button>
  );
}
