'use client';

import type { ReactNode } from 'react';
import { IncidentLink } from '@/components/console/incident-link';
import { Card, CardHeader } from '@/components/ui/card';
import { plural } from '@/components/ui/format';
import { Time } from '@/components/ui/time';
import { VERDICT_STYLES, VerdictLabel } from '@/components/ui/verdict-mark';
import type { BlockView, DeviceView } from '@/lib/contracts';

export interface DeviceStateProps {
  view: DeviceView;
  /** A change that has committed and is not enforced everywhere yet. */
  pending: 'block' | 'unblock' | null;
  /** Buttons that act on the device. */
  acts: ReactNode;
}

/** How the device stands: its last verdict, and the block that is in force. */
export function DeviceState({ view, pending, acts }: DeviceStateProps) {
  const { device, activeBlock } = view;
  return (
    <Card aria-label="State" className="overflow-hidden">
      <CardHeader title="State">{acts}</CardHeader>
      <div className="grid gap-px border-t bg-line sm:grid-cols-2">
        <div className="bg-card px-4 py-3">
          <p className="text-sm text-faint">Last verdict</p>
          <p className="mt-0.5 text-xl font-semibold">
            <VerdictLabel verdict={device.verdict} size={12}>
              {VERDICT_STYLES[device.verdict].label}
            </VerdictLabel>
          </p>
          <p className="mt-0.5 text-sm text-dim">
            seen <Time at={device.lastSeenAt} />, evidence from <Time at={view.evidenceAt} />
          </p>
        </div>
        <div className="bg-card px-4 py-3">
          <p className="text-sm text-faint">Block</p>
          {activeBlock === null ? (
            <>
              <p className="mt-0.5 text-xl font-semibold">
                <BlockWord pending={pending} blocked={false} />
              </p>
              <p className="mt-0.5 text-sm text-dim">{pastText(view.pastBlocks.length)}</p>
            </>
          ) : (
            <ActiveBlock block={activeBlock} pending={pending} />
          )}
        </div>
      </div>
    </Card>
  );
}

function pastText(count: number): string {
  return count === 0 ? 'It was never blocked.' : `It was blocked ${plural(count, 'time')} before.`;
}

/** Says "blocked" only where every node enforces it; until then the change is pending. */
function BlockWord({ pending, blocked }: { pending: DeviceStateProps['pending']; blocked: boolean }) {
  if (pending !== null) {
    return (
      <VerdictLabel verdict="unknown" size={12}>
        {pending === 'block' ? 'Block pending' : 'Unblock pending'}
      </VerdictLabel>
    );
  }
  return blocked ? (
    <VerdictLabel verdict="rejected" size={12}>
      Blocked
    </VerdictLabel>
  ) : (
    'None'
  );
}

function ActiveBlock({ block, pending }: { block: BlockView; pending: DeviceStateProps['pending'] }) {
  return (
    <>
      <p className="mt-0.5 text-xl font-semibold">
        <BlockWord pending={pending} blocked />
      </p>
      <p className="mt-0.5 text-sm text-dim">
        by {block.createdByName}, <Time at={block.createdAt} />;{' '}
        {block.expiresAt === null ? (
          'until it is lifted'
        ) : (
          <>
            ends <Time at={block.expiresAt} />
          </>
        )}
      </p>
      <p className="mt-1">
        “{block.reason}” <IncidentLink incident={block.incident} />
      </p>
    </>
  );
}
