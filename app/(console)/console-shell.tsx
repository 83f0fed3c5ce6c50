'use client';

import type { ReactNode } from 'react';
import { signOut } from '@/components/auth/session';
import { StepUpPrompt } from '@/components/auth/step-up-prompt';
import { AppShell, type AppShellProps } from '@/components/console/app-shell';
import { ExceptionsPlace } from '@/components/policies/exceptions/exceptions-place';
import { toApiError } from '@/components/query/api-error';
import { notify } from '@/components/ui/toast-queue';
import type { PolicyExceptions } from '@/lib/contracts';

/** Ends the session and leaves by loading the sign-in page anew, so that nothing that was read stays in memory. */
async function leave(): Promise<void> {
  try {
    await signOut();
    location.assign('/sign-in');
  } catch (error) {
    notify({ tone: 'failed', title: 'You are still signed in', description: toApiError(error).message });
  }
}

export interface ConsoleShellProps extends Omit<AppShellProps, 'signOut' | 'banner'> {
  /** What departs from the policies now. */
  exceptions: PolicyExceptions;
  children: ReactNode;
}

/** The console's frame, with the way out, what departs from the policies, and the question for the password. */
export function ConsoleShell({ exceptions, children, ...props }: ConsoleShellProps) {
  return (
    <AppShell {...props} signOut={leave} banner={<ExceptionsPlace initial={exceptions} />}>
      {children}
      <StepUpPrompt email={props.user.email} />
    </AppShell>
  );
}
