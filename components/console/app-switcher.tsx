'use client';

import { ChevronDown } from 'lucide-react';
import { lazy } from 'react';
import { useFacet } from '@/components/query/url-state';
import { Button } from '@/components/ui/button';
import { DeferredOverlay } from '@/components/ui/deferred-overlay';
import { type AppChoice, appChoiceLabel } from './app-choice';

const loadMenu = () => import('./app-switcher-menu');
const AppSwitcherMenu = lazy(loadMenu);

/** Which apps every page looks at, kept in the URL. */
export function AppSwitcher({ apps }: { apps: readonly AppChoice[] }) {
  const [selected, setSelected] = useFacet('app');
  const label = appChoiceLabel(selected, apps);
  return (
    <DeferredOverlay
      kind="menu"
      prefetch={loadMenu}
      trigger={
        <Button aria-label={`Apps: ${label}`} className="max-w-44 min-w-0 shrink">
          <span className="truncate">{label}</span>
          <ChevronDown aria-hidden size={13} className="text-faint" />
        </Button>
      }
    >
      {(trigger) => (
        <AppSwitcherMenu trigger={trigger} apps={apps} selected={selected} onSelect={setSelected} />
      )}
    </DeferredOverlay>
  );
}
