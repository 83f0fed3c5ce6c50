'use client';

import { useRouter } from 'next/navigation';
import { useLive } from '@/components/query/live-provider';
import { deferred } from '@/components/ui/deferred';
import type { ShortcutAct } from './shortcuts';
import { useShortcuts } from './use-shortcuts';

/** Fetches the palette's script, for who reaches for it. */
export const loadPalette = () => import('./command-palette');
const CommandPalette = deferred(loadPalette);
const ShortcutsDialog = deferred(() => import('./shortcuts-dialog'));

/** What can be open over the page. */
export type ShellOverlay = 'palette' | 'shortcuts' | null;

/** Puts the cursor into the page's own search field, if it has one. */
function focusPageSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-page-search]');
  field?.focus();
  return field !== null;
}

export interface ShellOverlaysProps {
  open: ShellOverlay;
  onOpen: (overlay: ShellOverlay) => void;
  signOut: () => Promise<void>;
}

/** The palette and the help, and the shortcuts that open them. */
export function ShellOverlays({ open, onOpen, signOut }: ShellOverlaysProps) {
  const router = useRouter();
  const { status, setPaused } = useLive();
  const runners: Readonly<Record<Exclude<ShortcutAct['kind'], 'go'>, () => void>> = {
    palette: () => onOpen(open === 'palette' ? null : 'palette'),
    search: () => {
      if (!focusPageSearch()) onOpen('palette');
    },
    pause: () => setPaused(status !== 'paused'),
    help: () => onOpen('shortcuts'),
  };
  useShortcuts((act) => {
    if (act.kind === 'go') router.push(act.href);
    else runners[act.kind]();
  });
  const close = () => onOpen(null);
  return (
    <>
      {open === 'palette' ? (
        <CommandPalette onClose={close} onShowShortcuts={() => onOpen('shortcuts')} signOut={signOut} />
      ) : null}
      {open === 'shortcuts' ? <ShortcutsDialog onClose={close} /> : null}
    </>
  );
}
