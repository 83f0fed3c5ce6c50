import { scopeApps, type VerbContext } from '@/lib/auth';
import type { TelemetryFilter } from '@/lib/contracts';
import type { EventScope } from './events';
import { type RollupScope, registeredApps } from './rollups';
import { exactRange, resolveWindow } from './time-window';

/** What of telemetry an actor may see of what was asked for. */
export interface TelemetryScope extends RollupScope {
  /** The same apps as they were asked for; `null` stands for every app, also one that was removed. */
  askedApps: readonly string[] | null;
}

/** The scope of a filter over rollups. @throws AppError `permission_denied`, `request_invalid` */
export async function rollupScope(
  { db, actor, clock }: VerbContext,
  filter: TelemetryFilter,
): Promise<TelemetryScope> {
  const askedApps = scopeApps(actor, 'telemetry.read', filter.app);
  const window = resolveWindow(filter, clock.nowMs());
  const apps = askedApps ?? (await registeredApps(db.orm));
  return { apps, askedApps, window, filter };
}

/** The scope of a filter over single events, to the millisecond. @throws AppError like `rollupScope` */
export function eventScope({ actor, clock }: VerbContext, filter: TelemetryFilter): EventScope {
  return {
    apps: scopeApps(actor, 'telemetry.read', filter.app),
    ...exactRange(filter, clock.nowMs()),
    filter,
  };
}
