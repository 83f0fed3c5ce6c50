'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { KeyApp } from '@/components/api-keys/create-key-dialog';
import { KeysTable } from '@/components/api-keys/keys-table';
import { PageHeader } from '@/components/console/page-header';
import { Button } from '@/components/ui/button';
import { deferred } from '@/components/ui/deferred';
import type { ApiKeyView } from '@/lib/contracts';

const CreateKeyDialog = deferred(() => import('@/components/api-keys/create-key-dialog'));

export interface ApiKeysViewProps {
  /** The keys as the server read them. */
  initial: readonly ApiKeyView[];
  /** Names of apps by id. */
  apps: Readonly<Record<string, string>>;
  /** Apps that the viewer may add keys to. */
  mayAddTo: readonly KeyApp[];
}

/** The list of API keys. */
export function ApiKeysView({ initial, apps, mayAddTo }: ApiKeysViewProps) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const add =
    mayAddTo.length === 0 ? null : (
      <Button variant="primary" onClick={() => setOpen(true)}>
        Add an API key
      </Button>
    );
  return (
    <>
      <PageHeader
        title="API keys"
        description="What apps call APIs with: delivered to attested devices, and to nobody else."
        actions={add}
      />
      <KeysTable
        initial={initial}
        apps={apps}
        firstSteps={
          add === null
            ? { text: 'An administrator adds them.' }
            : {
                text: 'A key in the app itself is anybody’s. Add it here, and each device is given it when it has attested.',
                actions: add,
              }
        }
      />
      {open ? (
        <CreateKeyDialog
          apps={mayAddTo}
          onClose={() => setOpen(false)}
          onCreated={({ key, seq }) => router.push(`/api-keys/${key.id}?change=${seq ?? ''}`)}
        />
      ) : null}
    </>
  );
}
