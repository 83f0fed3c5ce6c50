'use client';

import type { ReactNode } from 'react';
import { signOut } from '@/components/auth/session';
import { StepUpPrompt } from '@/components/auth/step-up-prompt';
import { AppShell, type AppShellProps } from '@/components/console/app-shell';
import { toApiError } from '@/components/query/api-error';
import { notify } from '@/components/ui/toast-queue';

/** Ends the session and leaves by loading the sign-in page anew, so that nothing that was read stays in memory. */
async function leave(): Promise<void> {
  try {
    await signOut();
    location.assign('/sign-in');
  } catch (error) {
    notify({ tone: 'failed', title: 'You are still signed in', description: toApiError(error).message });
  }
}

/** The console's frame, with the way out and the question for the password. */
export function ConsoleShell({
  children,
  ...props
}: Omit<AppShellProps, 'signOut'> & { children: ReactNode }) {
  return (
    <AppShell {...props} signOut={leave}>
      {children}
      <StepUpPrompt email={props.user.email} />
    </AppShell>
  );
}
