import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { consoleProcess } from '@/app/api/context';
import { pageContext } from '@/app/api/current-actor';
import { listApps } from '@/lib/apps';
import { mayDo } from '@/lib/auth';
import { THREATS } from '@/lib/contracts';
import { cutOffScopeOf } from '../../block-rights-of';
import { AppDetail } from './app-detail';

export const metadata: Metadata = { title: 'App' };

const THREAT_FACTS = THREATS.map(({ id, title, component, attack, maswe }) => ({
  id,
  title,
  component,
  attack,
  maswe,
}));

/** One app: its reference values, its policy, its protected APIs, and how to connect it. */
export default async function AppPage({ params }: { params: Promise<{ id: string }> }) {
  const [context, { id }] = await Promise.all([pageContext(), params]);
  const { apps } = await listApps(context);
  const app = apps.find((one) => one.id === id);
  if (app === undefined) notFound();
  return (
    <AppDetail
      initial={app}
      threats={THREAT_FACTS}
      serviceUrl={consoleProcess().env.serviceUrl}
      otherApps={apps
        .filter((one) => one.id !== id && mayDo(context.actor, 'apps.write', one.id))
        .map((one) => ({ id: one.id, name: one.name }))}
      mayWrite={mayDo(context.actor, 'apps.write', id)}
      mayCutOff={cutOffScopeOf(context.actor)}
    />
  );
}
