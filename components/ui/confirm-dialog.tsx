'use client';

import { AlertDialog as Radix } from 'radix-ui';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from './button';
import { Field } from './field';
import { formatCount } from './format';
import { Textarea } from './input';
import { Notice } from './notice';
import type { ShownError } from './states';
import { useReturnFocus } from './use-return-focus';

/** Shortest reason that is worth keeping; the server asks for as much. */
const REASON_MIN_LENGTH = 3;
const REASON_MAX_LENGTH = 500;

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The question: "Block this device?" */
  title: string;
  /** What it hits, stated in a number before the button, with the sentence that follows it. */
  blastRadius: { count: number; unit: string; consequence: ReactNode };
  /** The act, as the button names it: "Block 412 devices". */
  act: string;
  /** What the button says while it happens: "Blocking…". */
  actPending: string;
  /** Asks for a reason, which goes to `onConfirm`; `false` where the act needs none. */
  reason?: { label: string; hint?: string } | false;
  /** Further choices, above the reason: how long, whom. */
  children?: ReactNode;
  /** Whether the act restores rather than destroys: the button is then not red. */
  restores?: boolean;
  pending?: boolean;
  error?: ShownError | undefined;
  onConfirm: (reason: string) => void;
}

/** Asks before an act that cuts something off: blast radius first, then the reason, then a button that names the act. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, blastRadius, act, actPending, children } = props;
  const pending = props.pending ?? false;
  const reason = props.reason ?? { label: 'Reason' };
  const focus = useReturnFocus({ toFirstField: true });
  const [text, setText] = useState('');
  const [complaint, setComplaint] = useState<string>();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = text.trim();
    if (reason !== false && given.length < REASON_MIN_LENGTH) {
      setComplaint('Say why in a few words: it is kept in the audit log.');
      return;
    }
    props.onConfirm(given);
  };

  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 animate-appear bg-black/55" />
        <Radix.Content
          data-modal="true"
          {...focus}
          className="fixed top-[max(8vh,16px)] left-1/2 z-50 max-h-[84vh] w-[calc(100%-24px)] max-w-md -translate-x-1/2 animate-appear overflow-y-auto rounded-card border bg-card shadow-overlay sm:top-[14vh]"
        >
          <form onSubmit={submit} noValidate className="grid gap-4 p-4">
            <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            <Radix.Description className="flex items-baseline gap-3">
              <span className="text-figure font-semibold">{formatCount(blastRadius.count)}</span>
              <span className="text-dim">
                <span className="text-ink">{blastRadius.unit}.</span> {blastRadius.consequence}
              </span>
            </Radix.Description>
            {children}
            {reason === false ? null : (
              <Field label={reason.label} hint={reason.hint} error={complaint}>
                {(control) => (
                  <Textarea
                    {...control}
                    rows={2}
                    maxLength={REASON_MAX_LENGTH}
                    value={text}
                    onChange={(event) => {
                      setText(event.target.value);
                      setComplaint(undefined);
                    }}
                  />
                )}
              </Field>
            )}
            {props.error === undefined ? null : <Notice tone="rejected">{props.error.message}</Notice>}
            <div className="flex flex-wrap justify-end gap-2">
              <Radix.Cancel asChild>
                <Button disabled={pending}>Cancel</Button>
              </Radix.Cancel>
              <Button
                type="submit"
                variant={props.restores === true ? 'primary' : 'danger'}
                pending={pending ? actPending : undefined}
              >
                {act}
              </Button>
            </div>
          </form>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
