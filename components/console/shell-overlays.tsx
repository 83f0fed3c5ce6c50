'use client';

import { Keyboard, LogOut, Pause, Play, SunMoon } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useLive } from '@/components/query/live-provider';
import { chooseTheme, currentTheme, type Theme } from '@/components/ui/theme';
import type { PaletteAct } from './command-palette';
import type { ShortcutAct } from './shortcuts';
import { useShortcuts } from './use-shortcuts';

const CommandPalette = dynamic(() => import('./command-palette'), { ssr: false });
const ShortcutsDialog = dynamic(() => import('./shortcuts-dialog'), { ssr: false });

/** What can be open over the page. */
export type ShellOverlay = 'palette' | 'shortcuts' | null;

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'dark', dark: 'light', light: 'system' };

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
  const paused = status === 'paused';
  const runners: Readonly<Record<Exclude<ShortcutAct['kind'], 'go'>, () => void>> = {
    palette: () => onOpen(open === 'palette' ? null : 'palette'),
    search: () => {
      if (!focusPageSearch()) onOpen('palette');
    },
    pause: () => setPaused(!paused),
    help: () => onOpen('shortcuts'),
  };
  useShortcuts((act) => {
    if (act.kind === 'go') router.push(act.href);
    else runners[act.kind]();
  });
  const acts: PaletteAct[] = [
    {
      id: 'pause',
      label: paused ? 'Resume the live view' : 'Pause the live view',
      icon: paused ? Play : Pause,
      shortcut: 'P',
      run: () => setPaused(!paused),
    },
    {
      id: 'theme',
      label: 'Change the theme',
      icon: SunMoon,
      run: () => chooseTheme(NEXT_THEME[currentTheme()]),
    },
    {
      id: 'shortcuts',
      label: 'Show keyboard shortcuts',
      icon: Keyboard,
      shortcut: '?',
      run: () => onOpen('shortcuts'),
    },
    { id: 'sign-out', label: 'Sign out', icon: LogOut, run: () => void signOut() },
  ];
  const close = () => onOpen(null);
  return (
    <>
      {open === 'palette' ? <CommandPalette acts={acts} onClose={close} /> : null}
      {open === 'shortcuts' ? <ShortcutsDialog onClose={close} /> : null}
    </>
  );
}
