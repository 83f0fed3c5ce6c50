'use client';

import { ErrorState } from '@/components/ui/states';

/** The identifier under which the server logged what it threw. */
function digestOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('digest' in error)) return undefined;
  return typeof error.digest === 'string' ? error.digest : undefined;
}

/** Shown where a page fails. Its identifier finds the failure in the server's log; the message itself stays there. */
export default function PageError({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = digestOf(error);
  return (
    <ErrorState
      title="This page could not be shown"
      error={{
        message: digest === undefined ? 'Something went wrong in this page.' : 'The failure has been logged.',
        requestId: digest,
      }}
      onRetry={retry}
    />
  );
}
