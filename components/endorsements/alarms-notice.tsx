import type { ReactNode } from 'react';
import { Notice } from '@/components/ui/notice';
import type { EndorsementAlarm } from '@/lib/contracts';

/** What is wrong with what verification rests on, the worst first; nothing where nothing is. */
export function AlarmsNotice({
  alarms,
  actions,
}: {
  alarms: readonly EndorsementAlarm[];
  actions?: ReactNode;
}) {
  return alarms.map(({ id, level, text }) => (
    <Notice
      key={id}
      tone={level === 'critical' ? 'rejected' : 'flagged'}
      lead={level === 'critical' ? 'evidence is refused' : 'evidence sources'}
      {...(actions === undefined ? {} : { actions })}
    >
      {text}
    </Notice>
  ));
}
