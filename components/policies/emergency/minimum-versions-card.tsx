'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { SwitchCardProps } from './kill-switch-card';

const MinimumVersionsDialog = deferred(() => import('./minimum-versions-dialog'));

/** The oldest version of each platform that is let in. */
export function MinimumVersionsCard({ appId, appName, state, mayThrow, onThrown }: SwitchCardProps) {
  const [open, setOpen] = useState(false);
  const { ios, android } = state.minimumVersions;
  const isOn = ios !== null || android !== null;
  return (
    <Card aria-label="Minimum app version">
      <CardHeader title="Minimum app version">
        {isOn ? (
          <VerdictLabel verdict="rejected">on: what is older is refused</VerdictLabel>
        ) : (
          <VerdictLabel verdict="trusted">off</VerdictLabel>
        )}
      </CardHeader>
      <div className="grid gap-3 px-4 pb-4">
        <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-y-1">
          <dt className="text-dim">iOS</dt>
          <dd>{ios === null ? 'any version' : <code className="font-mono">{ios} or newer</code>}</dd>
          <dt className="text-dim">Android</dt>
          <dd>{android === null ? 'any version' : <code className="font-mono">{android} or newer</code>}</dd>
        </dl>
        <p className="text-dim">
          Older versions of {appName} are rejected whatever the policy says: for a release that must not go on
          being used.
        </p>
        {mayThrow ? (
          <div>
            <Button variant="danger" onClick={() => setOpen(true)}>
              {isOn ? 'Change or lift' : 'Refuse older versions'}
            </Button>
          </div>
        ) : null}
      </div>
      {open ? (
        <MinimumVersionsDialog
          appId={appId}
          appName={appName}
          state={state}
          onClose={() => setOpen(false)}
          onThrown={onThrown}
        />
      ) : null}
    </Card>
  );
}
