'use client';

import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ComponentProps, ReactElement, ReactNode } from 'react';
import { cx } from './cx';
import { OVERLAY_ITEM, OVERLAY_SURFACE } from './overlay-surface';

export interface MenuProps {
  /** The button that opens it; it must pass on its props and `ref`. */
  trigger: ReactElement;
  align?: 'start' | 'end';
  defaultOpen?: boolean;
  children: ReactNode;
}

/** A menu under a button, with arrow keys and type-ahead. Bring it in by `DeferredOverlay`. */
export function Menu({ trigger, align = 'start', defaultOpen = false, children }: MenuProps) {
  return (
    <Radix.Root defaultOpen={defaultOpen} modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className={cx(
            OVERLAY_SURFACE,
            'max-h-[min(26rem,var(--radix-dropdown-menu-content-available-height))] overflow-y-auto',
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** One act in a menu. */
export function MenuItem({ className, ...props }: ComponentProps<typeof Radix.Item>) {
  return <Radix.Item {...props} className={cx(OVERLAY_ITEM, className)} />;
}

/** A heading in a menu. */
export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 pt-1.5 pb-1 text-xs text-faint">{children}</Radix.Label>;
}

/** A hairline between groups. */
export function MenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}

/** Exactly one of several choices; hold `MenuRadioItem`s in it. */
export const MenuRadioGroup = Radix.RadioGroup;

/** One of several choices; the chosen one is ticked. */
export function MenuRadioItem({ className, children, ...props }: ComponentProps<typeof Radix.RadioItem>) {
  return (
    <Radix.RadioItem {...props} className={cx(OVERLAY_ITEM, className)}>
      <span className="w-4">
        <Radix.ItemIndicator>
          <Check aria-hidden size={14} />
        </Radix.ItemIndicator>
      </span>
      {children}
    </Radix.RadioItem>
  );
}

/** A choice that is on or off; choosing it leaves the menu open. */
export function MenuCheckboxItem({
  className,
  children,
  ...props
}: ComponentProps<typeof Radix.CheckboxItem>) {
  return (
    <Radix.CheckboxItem
      {...props}
      onSelect={(event) => event.preventDefault()}
      className={cx(OVERLAY_ITEM, className)}
    >
      <span className="w-4">
        <Radix.ItemIndicator>
          <Check aria-hidden size={14} />
        </Radix.ItemIndicator>
      </span>
      {children}
    </Radix.CheckboxItem>
  );
}
