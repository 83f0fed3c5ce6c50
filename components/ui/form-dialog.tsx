'use client';

import { type FormEvent, type ReactNode, useId } from 'react';
import { Button } from './button';
import { Dialog, type DialogProps } from './dialog';
import { Notice } from './notice';

export interface FormDialogProps extends Pick<DialogProps, 'title' | 'description' | 'size' | 'children'> {
  /** The act, as the button names it: "Add the key". */
  act: string;
  /** What the button says while it happens: "Adding…". */
  actPending: string;
  /** Whether the act is one to hesitate before. */
  danger?: boolean;
  /** Whether something that the act needs is missing. */
  disabled?: boolean;
  pending: boolean;
  /** What failed, unless a field says so already. */
  problem?: ReactNode;
  onClose: () => void;
  onSubmit: () => void;
}

/** A dialog that asks for something and then does it. It stays open while that happens, and says what failed. */
export function FormDialog(props: FormDialogProps) {
  const { act, actPending, danger = false, disabled = false, pending, problem, children, ...dialog } = props;
  const formId = useId();
  const close = () => {
    if (!pending) props.onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!pending && !disabled) props.onSubmit();
  };
  return (
    <Dialog
      {...dialog}
      open
      onOpenChange={close}
      footer={
        <>
          <Button onClick={close} disabled={pending}>
            Cancel
          </Button>
          <Button
            type="submit"
            form={formId}
            variant={danger ? 'danger' : 'primary'}
            disabled={disabled}
            pending={pending ? actPending : undefined}
          >
            {act}
          </Button>
        </>
      }
    >
      {/* `post`, so that a browser that is faster than our script puts nothing that was entered into the address. */}
      <form id={formId} method="post" onSubmit={submit} className="grid gap-4">
        {children}
        {problem === undefined || problem === null ? null : <Notice tone="rejected">{problem}</Notice>}
      </form>
    </Dialog>
  );
}
