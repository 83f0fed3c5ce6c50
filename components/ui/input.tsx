import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from './cx';

const CONTROL = cx(
  'w-full min-w-0 rounded-control border border-edge/60 bg-card text-ink transition-colors',
  'hover:border-edge focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0',
  'disabled:opacity-50 aria-invalid:border-rejected',
);

/** A one-line text field. Set `mono` for identifiers, codes and digests. */
export function Input({ className, mono, ...props }: ComponentProps<'input'> & { mono?: boolean }) {
  return (
    <input
      {...props}
      className={cx(CONTROL, 'h-8 px-2.5', mono === true && 'font-mono text-sm', className)}
    />
  );
}

/** A text field of several lines; it grows with its content where the browser can. */
export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      rows={3}
      {...props}
      className={cx(CONTROL, 'field-sizing-content max-h-60 px-2.5 py-1.5', className)}
    />
  );
}

/** The browser's own select, in our clothes: it is the best one on a telephone and costs no script. */
export function Select({ className, children, ...props }: ComponentProps<'select'>) {
  return (
    <span className={cx('relative inline-flex w-full', className)}>
      <select {...props} className={cx(CONTROL, 'h-8 appearance-none pr-7 pl-2.5')}>
        {children}
      </select>
      <ChevronDown
        aria-hidden
        size={14}
        className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 text-dim"
      />
    </span>
  );
}

const CHECKBOX = cx(
  'relative size-3.5 shrink-0 appearance-none rounded-[3px] border border-edge bg-card align-middle',
  'checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent disabled:opacity-50',
  "before:absolute before:inset-[2px] before:content-['']",
  'checked:before:bg-on-accent checked:before:[clip-path:polygon(8%_52%,22%_38%,40%_56%,78%_12%,94%_26%,41%_86%)]',
  'indeterminate:before:bg-on-accent indeterminate:before:[clip-path:inset(38%_4%)]',
);

export interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type'> {
  /** Neither on nor off: some of what it stands for is selected. */
  indeterminate?: boolean;
}

/** A checkbox. Label it by a surrounding `<label>` or `aria-label`. */
export function Checkbox({ indeterminate = false, className, ...props }: CheckboxProps) {
  return (
    <input
      {...props}
      type="checkbox"
      ref={(element) => {
        if (element !== null) element.indeterminate = indeterminate;
      }}
      className={cx(CHECKBOX, className)}
    />
  );
}
