'use client';

import { lazy } from 'react';
import { Button } from '@/components/ui/button';
import { DeferredOverlay } from '@/components/ui/deferred-overlay';
import { initials, type ShellUser } from './shell-user';

const loadContent = () => import('./user-menu-content');
const UserMenuContent = lazy(loadContent);

export interface UserMenuProps {
  user: ShellUser;
  signOut: () => Promise<void>;
  onShowShortcuts: () => void;
}

/** The round button of who is signed in. */
export function UserMenu(props: UserMenuProps) {
  return (
    <DeferredOverlay
      kind="menu"
      prefetch={loadContent}
      trigger={
        <Button
          variant="ghost"
          size="icon"
          aria-label={`${props.user.name}: account and theme`}
          className="rounded-full bg-raised text-xs font-medium"
        >
          {initials(props.user)}
        </Button>
      }
    >
      {(trigger) => <UserMenuContent trigger={trigger} {...props} />}
    </DeferredOverlay>
  );
}
