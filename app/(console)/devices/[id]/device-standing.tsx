'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { BlockControl } from '@/components/blocks/block-control';
import { propagationQuery } from '@/components/blocks/block-queries';
import type { BlockRights } from '@/components/blocks/block-rights';
import { ChangeProof } from '@/components/blocks/change-proof';
import { StandingNotice } from '@/components/blocks/standing-notice';
import { deviceLabel } from '@/components/devices/device-columns';
import { DeviceState } from '@/components/devices/device-state';
import { Time } from '@/components/ui/time';
import { useNowMs } from '@/components/ui/use-viewer';
import type { DeviceView } from '@/lib/contracts';
import { type ShownChange, shownChange } from './shown-change';

type Committed = Pick<ShownChange, 'seq' | 'kind'>;

/** How the device stands, what can be done about it, and the proof of what was done last. */
export function DeviceStanding({ view, rights }: { view: DeviceView; rights: BlockRights }) {
  const { device, activeBlock } = view;
  const nowMs = useNowMs();
  // What was just committed comes first; the device itself may not have been read again yet.
  const [committed, setCommitted] = useState<Committed>({ seq: 0, kind: 'block' });
  const known = nowMs === null ? null : shownChange(view, nowMs);
  const { seq, kind } = known === null || committed.seq > known.seq ? committed : known;
  const { data: propagation } = useQuery({ ...propagationQuery(seq), enabled: seq > 0 });
  // Nodes can be quicker than our own reading: until the device tells of the change itself, it is pending too.
  const isRead = known !== null && known.seq >= committed.seq;
  const enforced = isRead && (propagation?.enforced ?? seq !== committed.seq);
  return (
    <>
      <DeviceState
        view={view}
        pending={seq === 0 || enforced ? null : kind}
        acts={
          <BlockControl
            target={{
              instanceId: device.id,
              appId: device.appId,
              appName: device.appName,
              label: deviceLabel(device),
            }}
            rights={rights}
            activeBlockId={activeBlock?.id ?? null}
            onChanged={(changeSeq) =>
              setCommitted({ seq: changeSeq, kind: activeBlock === null ? 'block' : 'unblock' })
            }
          />
        }
      />
      <StandingNotice standing={view.standing} />
      {seq === 0 ? null : (
        <ChangeProof seq={seq}>{known?.seq === seq ? <ChangeText change={known} /> : null}</ChangeProof>
      )}
    </>
  );
}

function ChangeText({ change }: { change: ShownChange }) {
  return (
    <>
      {change.kind} by {change.byName}, <Time at={change.at} />; reason: “{change.reason}”
    </>
  );
}
