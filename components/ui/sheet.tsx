'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { buttonClass } from './button';
import { cx } from './cx';
import { useReturnFocus } from './use-return-focus';

export interface SheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Name for assistive technology; shown where there is no `header`. */
  title: string;
  /** Replaces the shown title: a verdict and a reference, say. */
  header?: ReactNode;
  side?: 'right' | 'left';
  /** A panel that is not modal leaves the page beside it usable: `j`/`k` still move in the table. */
  modal?: boolean;
  width?: 'sm' | 'lg';
  children: ReactNode;
  footer?: ReactNode;
}

const WIDTHS = { sm: 'max-w-[280px]', lg: 'max-w-[600px]' } as const;
const SIDES = {
  right: 'right-0 border-l animate-slide-in',
  left: 'left-0 border-r animate-slide-in-left',
} as const;

/** A panel at the side of the screen. Load it at the first use (`deferred`). */
export function Sheet(props: SheetProps) {
  const { open, onOpenChange, title, header, side = 'right', modal = true, width = 'lg' } = props;
  const focus = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange} modal={modal}>
      <Radix.Portal>
        {modal ? <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-black/55" /> : null}
        <Radix.Content
          aria-describedby={undefined}
          data-modal={modal}
          onInteractOutside={(event) => {
            if (!modal) event.preventDefault();
          }}
          onOpenAutoFocus={(event) => {
            focus.onOpenAutoFocus(event);
            if (!modal) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            const lost = document.activeElement === document.body;
            if (modal || lost) focus.onCloseAutoFocus(event);
            else event.preventDefault();
          }}
          className={cx(
            'fixed inset-y-0 z-50 flex w-full flex-col bg-card shadow-overlay',
            WIDTHS[width],
            SIDES[side],
          )}
        >
          <div className="flex min-h-14 items-center gap-2 border-b pr-2 pl-4">
            <Radix.Title
              className={header === undefined ? 'flex-1 truncate text-lg font-semibold' : 'sr-only'}
            >
              {title}
            </Radix.Title>
            {header === undefined ? null : <div className="min-w-0 flex-1">{header}</div>}
            <Radix.Close aria-label="Close" className={buttonClass('ghost', 'icon')}>
              <X aria-hidden size={16} />
            </Radix.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto">{props.children}</div>
          {props.footer === undefined ? null : (
            <div className="flex flex-wrap gap-2 border-t bg-raised/60 px-4 py-3">{props.footer}</div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
