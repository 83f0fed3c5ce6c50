import type { ComponentProps } from 'react';
import { cx } from './cx';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger';
export type ButtonSize = 'sm' | 'md' | 'icon';

const VARIANTS: Readonly<Record<ButtonVariant, string>> = {
  primary: 'bg-accent text-on-accent font-medium not-disabled:hover:bg-accent-text',
  secondary: 'border bg-card text-ink not-disabled:hover:bg-raised',
  ghost: 'text-dim not-disabled:hover:bg-raised not-disabled:hover:text-ink',
  danger: 'border border-rejected text-rejected-text not-disabled:hover:bg-rejected/12',
};

const SIZES: Readonly<Record<ButtonSize, string>> = {
  sm: 'h-7 gap-1.5 px-2 text-sm',
  md: 'h-8 gap-2 px-3',
  icon: 'size-8 justify-center',
};

/** The classes of a button, for an element that looks like one. Danger is outlined, never filled. */
export function buttonClass(variant: ButtonVariant = 'secondary', size: ButtonSize = 'md'): string {
  return cx(
    'inline-flex shrink-0 items-center justify-center whitespace-nowrap rounded-control transition-colors select-none',
    'disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:shrink-0',
    VARIANTS[variant],
    SIZES[size],
  );
}

export interface ButtonProps extends ComponentProps<'button'> {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** What is happening now, in words ("Blocking…"); while set, the button is busy and cannot be pressed. */
  pending?: string | undefined;
}

/** A button. It is `type="button"` unless told otherwise. */
export function Button({
  variant,
  size,
  pending,
  className,
  type = 'button',
  disabled,
  children,
  ...props
}: ButtonProps) {
  return (
    <button
      {...props}
      type={type}
      disabled={disabled === true || pending !== undefined}
      aria-busy={pending === undefined ? undefined : true}
      className={cx(buttonClass(variant, size), className)}
    >
      {pending ?? children}
    </button>
  );
}
