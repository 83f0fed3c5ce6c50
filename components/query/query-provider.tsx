'use client';

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { toApiError } from './api-error';

const STALE_MS = 10_000;
const MAX_RETRIES = 2;

/** Where somebody whose session ended goes; they come back to where they were. */
function toSignIn(): void {
  const here = `${location.pathname}${location.search}`;
  location.assign(`/sign-in?callbackUrl=${encodeURIComponent(here)}`);
}

function onError(error: unknown): void {
  if (toApiError(error).status === 401) toSignIn();
}

/** A client with the console's defaults: what can succeed a moment later is retried twice, a refusal never. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        retry: (failures, error) => failures < MAX_RETRIES && toApiError(error).retryable,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });
}

/** Gives the tree its query client: one per browser tab, one per request on the server. */
export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(makeQueryClient);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
