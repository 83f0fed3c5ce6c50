'use client';

import { useState } from 'react';
import { type AppScope, covers } from '@/components/blocks/block-rights';
import type { DemotableThreat } from '@/components/policies/quarantine/quarantine-form';
import { Button } from '@/components/ui/button';
import { deferred } from '@/components/ui/deferred';
import type { Finding } from '@/lib/contracts';

const QuarantineFinding = deferred(() => import('@/components/policies/quarantine/quarantine-finding'));

/** What somebody may put into quarantine. */
export interface QuarantineRights {
  scope: AppScope;
  threats: readonly DemotableThreat[];
}

export interface QuarantineActProps {
  finding: Finding;
  rights: QuarantineRights;
  /** Called with the change's position in the feed, whose propagation is then to be shown. */
  onMade: (seq: number) => void;
}

/** Puts the signal of a finding into quarantine where it jumped: for signals that may be, in places that can be stated. */
export function QuarantineAct({ finding, rights, onMade }: QuarantineActProps) {
  const [open, setOpen] = useState(false);
  const { appId, signal, cell, now, before } = finding;
  const { platform, osVersion, appVersion, model } = cell;
  const isPlace = [platform, osVersion, appVersion, model].some((value) => value !== null && value !== '');
  const isSignal = rights.threats.some(({ id }) => id === signal);
  const hasRisen = now.rate > before.rate;
  if (!hasRisen || !isSignal || !isPlace || !covers(rights.scope, appId)) return null;
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        Quarantine
      </Button>
      {open ? (
        <QuarantineFinding
          finding={finding}
          threats={rights.threats}
          onClose={() => setOpen(false)}
          onMade={(made) => onMade(made.seq)}
        />
      ) : null}
    </>
  );
}
