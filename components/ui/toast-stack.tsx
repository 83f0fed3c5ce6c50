'use client';

import { useEffect } from 'react';
import { Toaster as Sonner, toast } from 'sonner';
import { onToasts, takeToasts } from './toast-queue';
import { VerdictMark } from './verdict-mark';

const CLASSES = {
  toast:
    'flex w-[356px] max-w-[calc(100vw-24px)] items-start gap-2.5 rounded-card border bg-card p-3 text-ink shadow-overlay',
  title: 'font-medium',
  description: 'text-dim',
  icon: 'mt-1',
  content: 'min-w-0 flex-1',
  actionButton: 'shrink-0 self-center rounded-control border px-2 h-7 text-sm hover:bg-raised',
};

function showWaiting(): void {
  for (const { tone, title, description, action } of takeToasts()) {
    toast(title, {
      description,
      icon: <VerdictMark verdict={tone === 'done' ? 'trusted' : 'rejected'} />,
      duration: tone === 'done' && action === undefined ? 4_000 : 10_000,
      action: action === undefined ? undefined : { label: action.label, onClick: action.onAction },
    });
  }
}

/** Shows the toasts of the queue. */
export function ToastStack() {
  useEffect(() => {
    showWaiting();
    return onToasts(showWaiting);
  }, []);
  return (
    <Sonner
      position="bottom-right"
      visibleToasts={4}
      style={{ fontFamily: 'inherit' }}
      toastOptions={{ unstyled: true, classNames: CLASSES, closeButtonAriaLabel: 'Close' }}
    />
  );
}
