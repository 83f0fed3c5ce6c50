import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { listApps } from '@/lib/apps';
import { mayDo } from '@/lib/auth';
import { readEndorsementAlarms } from '@/lib/endorsements';
import { quarantineScopeOf } from '../block-rights-of';
import { DEMOTABLE_THREATS } from '../demotable-threats';
import { mayWriteViews } from '../may-write-views';
import { THREAT_TITLES } from '../threat-titles';
import { OverviewView } from './overview-view';
import { threatTones } from './threat-tones';

export const metadata: Metadata = { title: 'Overview' };

/** What is happening now: how many pass, who does not, why, and where from. */
export default async function OverviewPage() {
  const context = await pageContext();
  const [{ apps }, alarms] = await Promise.all([listApps(context), readEndorsementAlarms(context)]);
  return (
    <OverviewView
      alarms={alarms}
      tones={threatTones(apps)}
      names={{
        apps: Object.fromEntries(apps.map((app) => [app.id, app.name])),
        threats: THREAT_TITLES,
      }}
      mayWriteViews={mayWriteViews(context.actor)}
      hasApps={apps.length > 0}
      quarantine={{ scope: quarantineScopeOf(context.actor), threats: DEMOTABLE_THREATS }}
      mayRegister={mayDo(context.actor, 'apps.write', null)}
    />
  );
}
