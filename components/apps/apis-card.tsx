'use client';

import { DoorOpen } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { CopyableId } from '@/components/ui/copy-button';
import { deferred } from '@/components/ui/deferred';
import { EmptyState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import type { ApiRegistered, ApiSnapshot, AppView } from '@/lib/contracts';
import { API_MODES } from './api-modes';

const RegisterApiDialog = deferred(() => import('./register-api-dialog'));

export interface ApisCardProps {
  app: AppView;
  /** Other apps whose tokens a new API may accept too. */
  otherApps: readonly { id: string; name: string }[];
  mayRegister: boolean;
  onRegistered: (api: ApiRegistered) => void;
}

/** The APIs that accept the app's tokens, and the way to register another. */
export function ApisCard({ app, otherApps, mayRegister, onRegistered }: ApisCardProps) {
  const [open, setOpen] = useState(false);
  const register = mayRegister ? (
    <Button variant={app.apis.length === 0 ? 'primary' : 'secondary'} onClick={() => setOpen(true)}>
      Register an API
    </Button>
  ) : null;
  return (
    <Card aria-label="Protected APIs" className="overflow-hidden">
      {app.apis.length === 0 ? (
        <NoApis register={register} />
      ) : (
        <>
          <CardHeader title="Protected APIs" note="whose gateway asks about each request">
            {register}
          </CardHeader>
          <ApisTable apis={app.apis} />
        </>
      )}
      {open ? (
        <RegisterApiDialog
          app={app}
          otherApps={otherApps}
          onClose={() => setOpen(false)}
          onRegistered={(api) => {
            setOpen(false);
            onRegistered(api);
          }}
        />
      ) : null}
    </Card>
  );
}

function NoApis({ register }: { register: ReactNode }) {
  return (
    <EmptyState icon={DoorOpen} title="No API accepts this app’s tokens yet" actions={register}>
      {register === null
        ? 'An administrator registers the APIs that a gateway protects.'
        : 'Register the API that the app calls. It begins by observing: nothing is refused, and you see who would have been.'}
    </EmptyState>
  );
}

function ApisTable({ apis }: { apis: readonly ApiSnapshot[] }) {
  return (
    <Table>
      <thead>
        <tr>
          <Th>API</Th>
          <Th>Id</Th>
          <Th>Mode</Th>
          <Th className="max-md:hidden">Accepts tokens of</Th>
        </tr>
      </thead>
      <tbody>
        {apis.map((api) => (
          <tr key={api.id}>
            <Td className="font-medium">{api.name}</Td>
            <Td>
              <CopyableId value={api.id} label="Copy the API id" />
            </Td>
            <Td>
              <span className="flex items-center gap-2">
                <Badge tone={API_MODES[api.mode].tone}>{api.mode}</Badge>
                <span className="text-sm text-dim max-lg:hidden">{API_MODES[api.mode].description}</span>
              </span>
            </Td>
            <Td mono className="text-dim max-md:hidden">
              {api.appIds.join(', ')}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
