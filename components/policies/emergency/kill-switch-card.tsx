'use client';

import { Power } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { Time } from '@/components/ui/time';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { EmergencyState } from '@/lib/contracts';

const KillSwitchDialog = deferred(() => import('./kill-switch-dialog'));

export interface SwitchCardProps {
  appId: string;
  appName: string;
  state: EmergencyState;
  mayThrow: boolean;
  /** Called with the change's position in the feed, whose propagation is then to be shown. */
  onThrown: (seq: number) => void;
}

/** The switch over the whole app: how it stands, since when and why. */
export function KillSwitchCard({ appId, appName, state, mayThrow, onThrown }: SwitchCardProps) {
  const [open, setOpen] = useState(false);
  const { killSwitch } = state;
  return (
    <Card aria-label="Kill switch">
      <CardHeader title="Kill switch">
        {killSwitch === null ? (
          <VerdictLabel verdict="trusted">off</VerdictLabel>
        ) : (
          <VerdictLabel verdict="rejected">on: everything is refused</VerdictLabel>
        )}
      </CardHeader>
      <div className="grid gap-3 px-4 pb-4">
        <p className="text-dim">
          {killSwitch === null ? (
            `Refuses every attestation of ${appName}, and every request with a token that it holds. Devices on the allowlist are let in all the same.`
          ) : (
            <>
              Thrown <Time at={killSwitch.since} /> by {killSwitch.by}: “{killSwitch.reason}”
            </>
          )}
        </p>
        {mayThrow ? (
          <div>
            <Button variant={killSwitch === null ? 'danger' : 'primary'} onClick={() => setOpen(true)}>
              <Power aria-hidden size={14} />
              {killSwitch === null ? 'Refuse the whole app' : 'Let the app in again'}
            </Button>
          </div>
        ) : (
          <p className="text-sm text-faint">A responder or admin can throw it.</p>
        )}
      </div>
      {open ? (
        <KillSwitchDialog
          appId={appId}
          appName={appName}
          on={killSwitch === null}
          onClose={() => setOpen(false)}
          onThrown={onThrown}
        />
      ) : null}
    </Card>
  );
}
