import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { coversAny } from '@/components/blocks/block-rights';
import { listApps } from '@/lib/apps';
import { blockRightsOf } from '../block-rights-of';
import { mayWriteViews } from '../may-write-views';
import { DevicesView } from './devices-view';

export const metadata: Metadata = { title: 'Devices' };

/** Every enrolled device. */
export default async function DevicesPage() {
  const context = await pageContext();
  const { apps } = await listApps(context);
  return (
    <DevicesView
      apps={Object.fromEntries(apps.map((app) => [app.id, app.name]))}
      mayWriteViews={mayWriteViews(context.actor)}
      mayBlock={coversAny(blockRightsOf(context.actor).any)}
    />
  );
}
