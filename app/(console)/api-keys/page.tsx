import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { listApiKeys } from '@/lib/api-keys';
import { listApps } from '@/lib/apps';
import { mayDo } from '@/lib/auth';
import { ApiKeysView } from './api-keys-view';

export const metadata: Metadata = { title: 'API keys' };

/** Every API key, and the way to add another. */
export default async function ApiKeysPage() {
  const context = await pageContext();
  const [{ keys }, { apps }] = await Promise.all([listApiKeys(context), listApps(context)]);
  return (
    <ApiKeysView
      initial={keys}
      apps={Object.fromEntries(apps.map((app) => [app.id, app.name]))}
      mayAddTo={apps
        .filter((app) => mayDo(context.actor, 'api_keys.write', app.id))
        .map(({ id, name, apis }) => ({
          id,
          name,
          apis: apis.map((api) => ({ id: api.id, name: api.name })),
        }))}
    />
  );
}
