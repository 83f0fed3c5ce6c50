'use client';

import { type AppScope, covers } from '@/components/blocks/block-rights';
import type { AppView } from '@/lib/contracts';
import { CutOffSection } from '../../cut-off-section';

/** Where the tokens of an app are cut off: all of them, or those that one of its protected APIs accepts. */
export function AppTokens({ app, mayCutOff }: { app: AppView; mayCutOff: AppScope }) {
  return (
    <div className="grid items-start gap-3 lg:grid-cols-2">
      <CutOffSection
        target={{ scope: 'app', target: app.id }}
        title="All tokens of the app"
        whose={`of ${app.name}`}
        mayCutOff={covers(mayCutOff, app.id)}
      />
      {app.apis.map((api) => (
        <CutOffSection
          key={api.id}
          target={{ scope: 'api', target: api.id }}
          title={`Presented to ${api.name}`}
          whose={`that are presented to ${api.name}`}
          mayCutOff={api.appIds.every((appId) => covers(mayCutOff, appId))}
        />
      ))}
    </div>
  );
}
