'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { AllowControl } from '@/components/blocks/allow-control';
import { BlockControl } from '@/components/blocks/block-control';
import { propagationQuery } from '@/components/blocks/block-queries';
import type { BlockRights } from '@/components/blocks/block-rights';
import { ChangeProof } from '@/components/blocks/change-proof';
import { StandingNotice } from '@/components/blocks/standing-notice';
import { IncidentLink } from '@/components/console/incident-link';
import { deviceLabel } from '@/components/devices/device-columns';
import { DeviceState } from '@/components/devices/device-state';
import { ReenrolControl } from '@/components/devices/reenrol-control';
import { ButtonLink } from '@/components/ui/button-link';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import { useNowMs } from '@/components/ui/use-viewer';
import type { DeviceView } from '@/lib/contracts';
import { type ShownChange, shownChange } from './shown-change';

type Committed = Pick<ShownChange, 'seq' | 'kind'>;

/** How the device stands, what can be done about it, and the proof of what was done last. */
export function DeviceStanding({
  view,
  rights,
  mayReenrol,
}: {
  view: DeviceView;
  rights: BlockRights;
  mayReenrol: boolean;
}) {
  const { device, activeBlock } = view;
  const nowMs = useNowMs();
  // What was just committed comes first; the device itself may not have been read again yet.
  const [committed, setCommitted] = useState<Committed>({ seq: 0, kind: 'block' });
  const known = nowMs === null ? null : shownChange(view, nowMs);
  const { seq, kind } = known === null || committed.seq > known.seq ? committed : known;
  const [other, setOther] = useState<{ seq: number; words: string }>();
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
          <>
            {view.activeAllow === null ? (
              <AllowControl
                instanceId={device.id}
                appId={device.appId}
                rights={rights}
                onChanged={(changeSeq) => setOther({ seq: changeSeq, words: 'put on the allowlist' })}
              />
            ) : null}
            {mayReenrol && view.reenrolAskedAt === null ? (
              <ReenrolControl
                device={device}
                onAsked={(changeSeq) => setOther({ seq: changeSeq, words: 'tokens cut off, to enrol anew' })}
              />
            ) : null}
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
          </>
        }
      />
      {view.reenrolAskedAt === null ? null : (
        <Notice tone="flagged" lead="has to enrol anew">
          Its enrolment was set aside <Time at={view.reenrolAskedAt} />. With a new key its app is a new
          device in the list.
        </Notice>
      )}
      {view.activeAllow === null ? null : <AllowedNotice allow={view.activeAllow} />}
      <StandingNotice standing={view.standing} />
      {other === undefined ? null : (
        <ChangeProof key={other.seq} seq={other.seq}>
          {other.words}
        </ChangeProof>
      )}
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

function AllowedNotice({ allow }: { allow: NonNullable<DeviceView['activeAllow']> }) {
  return (
    <Notice
      tone="trusted"
      lead="on the allowlist"
      actions={
        <ButtonLink href={`/blocks?${new URLSearchParams({ q: allow.target })}`} size="sm">
          Show it
        </ButtonLink>
      }
    >
      {allow.owner} answers for it
      {allow.expiresAt === null ? null : (
        <>
          ; it ends <Time at={allow.expiresAt} />
        </>
      )}
      . “{allow.reason}” <IncidentLink incident={allow.incident} />
    </Notice>
  );
}
