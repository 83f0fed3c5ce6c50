'use client';

import { Keyboard, LogOut, type LucideIcon, Pause, Play, SunMoon } from 'lucide-react';
import { useLive } from '@/components/query/live-provider';
import { chooseTheme, currentTheme, type Theme } from '@/components/ui/theme';

/** An act that the palette offers besides pages. */
export interface PaletteAct {
  id: string;
  label: string;
  icon: LucideIcon;
  shortcut?: string;
  run: () => void;
}

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'dark', dark: 'light', light: 'system' };

/** What can be done from anywhere. */
export function usePaletteActs(act: {
  onShowShortcuts: () => void;
  signOut: () => Promise<void>;
}): readonly PaletteAct[] {
  const { status, setPaused } = useLive();
  const paused = status === 'paused';
  return [
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
      run: act.onShowShortcuts,
    },
    { id: 'sign-out', label: 'Sign out', icon: LogOut, run: () => void act.signOut() },
  ];
}
