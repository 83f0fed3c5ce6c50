'use client';

import { Popover as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { cx } from './cx';
import { OVERLAY_SURFACE } from './overlay-surface';

export interface PopoverProps {
  /** The button that opens it; it must pass on its props and `ref`. */
  trigger: ReactElement;
  /** Name for assistive technology. */
  label: string;
  align?: 'start' | 'end';
  defaultOpen?: boolean;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A small panel under a button, for controls that are not a menu. Bring it in by `DeferredOverlay`. */
export function Popover({ trigger, label, align = 'start', children, ...state }: PopoverProps) {
  return (
    <Radix.Root {...state}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className={cx(OVERLAY_SURFACE, 'max-w-[calc(100vw-16px)]')}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
