'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import type { PolicySettings } from '@/lib/contracts';

const SettingsDialog = deferred(() => import('./settings-dialog'));

export interface SettingsCardProps {
  appId: string;
  settings: PolicySettings;
  mayWrite: boolean;
}

/** What the app asks for before one of its policies is published. */
export function SettingsCard({ appId, settings, mayWrite }: SettingsCardProps) {
  const [open, setOpen] = useState(false);
  return (
    <Card aria-label="Before publishing">
      <CardHeader title="Before publishing">
        {mayWrite ? (
          <Button size="sm" onClick={() => setOpen(true)}>
            {settings.needsApproval ? 'Ask for no approval' : 'Ask for approval'}
          </Button>
        ) : null}
      </CardHeader>
      <p className="px-4 pb-4 text-dim">
        {settings.needsApproval
          ? 'Somebody other than the last editor must approve a draft, exactly as it is, before it can be published.'
          : 'Whoever may edit the policy may publish it; no second person is asked.'}
      </p>
      {open ? (
        <SettingsDialog
          appId={appId}
          needsApproval={!settings.needsApproval}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </Card>
  );
}
