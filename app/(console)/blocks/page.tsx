import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { listApps } from '@/lib/apps';
import { isCountable, THREATS } from '@/lib/contracts';
import { decisionRightsOf } from '../block-rights-of';
import { BlocksView } from './blocks-view';

export const metadata: Metadata = { title: 'Blocks' };

/** Everything that is refused, simulated or allowed by decision. */
export default async function BlocksPage() {
  const context = await pageContext();
  const { apps } = await listApps(context);
  return (
    <BlocksView
      apps={apps.map(({ id, name }) => ({ id, name }))}
      rights={decisionRightsOf(context.actor)}
      threats={THREATS.filter(({ id }) => isCountable(id)).map(({ id, title }) => ({ id, title }))}
    />
  );
}
