'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { buttonClass } from './button';
import { cx } from './cx';
import { useReturnFocus } from './use-return-focus';

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** One sentence under the title. */
  description?: ReactNode;
  children: ReactNode;
  /** Buttons, right-aligned under a hairline. */
  footer?: ReactNode;
  size?: 'sm' | 'md' | 'lg';
  /** Whether it may open over another dialog. */
  above?: boolean;
}

const WIDTHS = { sm: 'max-w-md', md: 'max-w-lg', lg: 'max-w-3xl' } as const;

/**
 * A modal dialog: focus stays in it and returns where it was. On a telephone it is the width of the screen. Load it at
 * the first click (`deferred`), so that no page pays for it before.
 */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  size = 'md',
  above = false,
}: DialogProps) {
  const focus = useReturnFocus({ toFirstField: true });
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={cx('fixed inset-0 animate-appear bg-black/55', above ? 'z-50' : 'z-40')} />
        <Radix.Content
          data-modal="true"
          {...focus}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={cx(
            'fixed top-[max(5vh,16px)] left-1/2 z-50 flex max-h-[90vh] w-[calc(100%-24px)] -translate-x-1/2 flex-col',
            'animate-appear rounded-card border bg-card shadow-overlay sm:top-[12vh] sm:max-h-[76vh]',
            WIDTHS[size],
          )}
        >
          <div className="flex items-start gap-3 border-b py-3 pr-2 pl-4">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {description === undefined ? null : (
                <Radix.Description className="mt-0.5 text-dim">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close aria-label="Close" className={buttonClass('ghost', 'icon')}>
              <X aria-hidden size={16} />
            </Radix.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
          {footer === undefined ? null : (
            <div className="flex flex-wrap justify-end gap-2 border-t px-4 py-3">{footer}</div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
