import type { AppView } from '@/lib/contracts';
import type { StoredApp } from './store';

/** An app as the console shows it. */
export function appView(
  app: StoredApp,
  about: Pick<AppView, 'apis' | 'attestations24h' | 'devices24h'>,
): AppView {
  return {
    ...app.snapshot,
    revision: app.revision,
    createdAt: app.createdAt.toISOString(),
    updatedAt: app.updatedAt.toISOString(),
    ...about,
  };
}
