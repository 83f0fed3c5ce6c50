'use client';

import type { ReactElement } from 'react';
import {
  Menu,
  MenuCheckboxItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
} from '@/components/ui/dropdown-menu';
import type { AppChoice } from './app-choice';

export interface AppSwitcherMenuProps {
  trigger: ReactElement;
  apps: readonly AppChoice[];
  selected: readonly string[];
  onSelect: (appIds: readonly string[]) => void;
}

/** All apps, or any number of them. */
export default function AppSwitcherMenu({ trigger, apps, selected, onSelect }: AppSwitcherMenuProps) {
  const toggle = (id: string) =>
    onSelect(selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id]);
  return (
    <Menu trigger={trigger} defaultOpen>
      <MenuRadioGroup value={selected.length === 0 ? 'all' : 'some'} onValueChange={() => onSelect([])}>
        <MenuRadioItem value="all">All apps</MenuRadioItem>
      </MenuRadioGroup>
      <MenuSeparator />
      {apps.length === 0 ? <MenuLabel>No app is registered yet</MenuLabel> : null}
      {apps.map((app) => (
        <MenuCheckboxItem
          key={app.id}
          checked={selected.includes(app.id)}
          onCheckedChange={() => toggle(app.id)}
        >
          <span className="flex-1 truncate">{app.name}</span>
          <code className="font-mono text-xs text-faint">{app.id}</code>
        </MenuCheckboxItem>
      ))}
    </Menu>
  );
}
