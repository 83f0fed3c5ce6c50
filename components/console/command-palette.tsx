'use client';

import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { AppWindow, ArrowRight, ListChecks, type LucideIcon, Search, Smartphone } from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { Dialog } from 'radix-ui';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { SEARCH_MIN_LENGTH, type SearchResults, searchQuery } from '@/components/query/console-queries';
import { cx } from '@/components/ui/cx';
import { Kbd } from '@/components/ui/kbd';
import { OVERLAY_ITEM } from '@/components/ui/overlay-surface';
import { useReturnFocus } from '@/components/ui/use-return-focus';
import { carryView, NAVIGATION } from './navigation';
import { usePaletteActs } from './palette-acts';
import { paletteTargets } from './palette-targets';

export interface CommandPaletteProps {
  onClose: () => void;
  onShowShortcuts: () => void;
  signOut: () => Promise<void>;
}

const KIND_ICONS: Readonly<Record<SearchResults['results'][number]['kind'], LucideIcon>> = {
  device: Smartphone,
  attestation: ListChecks,
  app: AppWindow,
};
const GROUP =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint';

/** Reaches every page, app, device, attestation and act from the keyboard. */
export default function CommandPalette({ onClose, ...does }: CommandPaletteProps) {
  const acts = usePaletteActs(does);
  const [text, setText] = useState('');
  const router = useRouter();
  const search = useSearchParams();
  const focus = useReturnFocus();
  const follow = (href: string) => {
    onClose();
    router.push(href);
  };
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-appear bg-black/55" />
        <Dialog.Content
          data-modal="true"
          {...focus}
          aria-describedby={undefined}
          className="fixed top-[max(10vh,12px)] left-1/2 z-50 w-[calc(100%-24px)] max-w-xl -translate-x-1/2 animate-appear overflow-hidden rounded-card border bg-card shadow-overlay"
        >
          <Dialog.Title className="sr-only">Search and commands</Dialog.Title>
          <Command label="Search and commands" loop>
            <div className="flex h-12 items-center gap-2.5 border-b px-4">
              <Search aria-hidden size={15} className="text-faint" />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder="Search devices, references, apps, pages"
                className="h-full min-w-0 flex-1 bg-transparent text-lg outline-none"
              />
              <Kbd>Esc</Kbd>
            </div>
            <Command.List className="max-h-[min(26rem,60vh)] overflow-y-auto p-1.5">
              <Found text={text} onFollow={follow} />
              <Command.Group heading="Pages" className={GROUP}>
                {NAVIGATION.flatMap((group) => group.items).map((item) => (
                  <Row
                    key={item.href}
                    value={`page ${item.label}`}
                    icon={item.icon}
                    onSelect={() => follow(carryView(item.href, search))}
                    end={<Keys keys={['G', item.key.toUpperCase()]} />}
                  >
                    {item.label}
                  </Row>
                ))}
              </Command.Group>
              <Command.Group heading="Acts" className={GROUP}>
                {acts.map((act) => (
                  <Row
                    key={act.id}
                    value={`act ${act.label}`}
                    icon={act.icon}
                    onSelect={() => {
                      onClose();
                      act.run();
                    }}
                    end={act.shortcut === undefined ? null : <Keys keys={[act.shortcut]} />}
                  >
                    {act.label}
                  </Row>
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What the text itself says, and what the server finds for it; both stay whatever the palette filters. */
function Found({ text, onFollow }: { text: string; onFollow: (href: string) => void }) {
  const asked = useDeferredValue(text.trim());
  const { data, error, isFetching } = useQuery(searchQuery(asked));
  if (asked.length < SEARCH_MIN_LENGTH) return null;
  const results = data?.results ?? [];
  return (
    <Command.Group heading="Found" forceMount className={GROUP}>
      {paletteTargets(asked).map((target) => (
        <Row
          key={target.id}
          value={target.id}
          icon={ArrowRight}
          onSelect={() => onFollow(target.href)}
          end={<code className="font-mono text-sm text-dim">{target.value}</code>}
        >
          {target.label}
        </Row>
      ))}
      {results.map((result) => (
        <Row
          key={result.href}
          value={result.href}
          icon={KIND_ICONS[result.kind]}
          onSelect={() => onFollow(result.href)}
          end={<span className="truncate text-sm text-faint">{result.detail}</span>}
        >
          {result.title}
        </Row>
      ))}
      <p role="status" className="px-2 py-1.5 text-sm text-dim empty:hidden">
        {foundStatus(results.length, isFetching, error)}
      </p>
    </Command.Group>
  );
}

function foundStatus(count: number, isFetching: boolean, error: Error | null): string {
  if (error !== null) return `The search failed: ${toApiError(error).message}`;
  if (count > 0) return '';
  return isFetching ? 'Searching…' : 'No device, reference or app matches.';
}

interface RowProps {
  value: string;
  icon: LucideIcon;
  onSelect: () => void;
  end?: ReactNode;
  children: ReactNode;
}

function Row({ value, icon: Icon, onSelect, end, children }: RowProps) {
  const found = !value.startsWith('page ') && !value.startsWith('act ');
  return (
    <Command.Item
      value={value}
      forceMount={found}
      onSelect={onSelect}
      className={cx(OVERLAY_ITEM, 'gap-2.5')}
    >
      <Icon aria-hidden size={15} className="text-faint" />
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {end}
    </Command.Item>
  );
}

function Keys({ keys }: { keys: readonly string[] }) {
  return (
    <span className="flex gap-1 max-sm:hidden">
      {keys.map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
    </span>
  );
}
