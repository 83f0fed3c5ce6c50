'use client';

import { Keyboard, LogOut } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import {
  Menu,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
} from '@/components/ui/dropdown-menu';
import { Kbd } from '@/components/ui/kbd';
import { chooseTheme, currentTheme, parseTheme, THEMES, type Theme } from '@/components/ui/theme';
import type { ShellUser } from './shell-user';

const THEME_LABELS: Readonly<Record<Theme, string>> = {
  system: 'As the system',
  dark: 'Dark',
  light: 'Light',
};

export interface UserMenuContentProps {
  trigger: ReactElement;
  user: ShellUser;
  signOut: () => Promise<void>;
  onShowShortcuts: () => void;
}

/** Who is signed in, the theme, the shortcuts, and the way out. */
export default function UserMenuContent({ trigger, user, signOut, onShowShortcuts }: UserMenuContentProps) {
  const [theme, setTheme] = useState(currentTheme);
  const choose = (value: string) => {
    const chosen = parseTheme(value);
    chooseTheme(chosen);
    setTheme(chosen);
  };
  return (
    <Menu trigger={trigger} align="end" defaultOpen>
      <div className="px-2 py-1.5">
        <p className="font-medium">{user.name}</p>
        <p className="text-sm text-dim">{user.email}</p>
        <p className="text-sm text-faint">{user.role}</p>
      </div>
      <MenuSeparator />
      <MenuLabel>Theme</MenuLabel>
      <MenuRadioGroup value={theme} onValueChange={choose}>
        {THEMES.map((value) => (
          <MenuRadioItem key={value} value={value} onSelect={(event) => event.preventDefault()}>
            {THEME_LABELS[value]}
          </MenuRadioItem>
        ))}
      </MenuRadioGroup>
      <MenuSeparator />
      <MenuItem onSelect={onShowShortcuts}>
        <Keyboard aria-hidden size={14} className="text-dim" />
        <span className="flex-1">Keyboard shortcuts</span>
        <Kbd>?</Kbd>
      </MenuItem>
      <MenuItem onSelect={() => void signOut()}>
        <LogOut aria-hidden size={14} className="text-dim" />
        Sign out
      </MenuItem>
    </Menu>
  );
}
