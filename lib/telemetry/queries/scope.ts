import { scopeApps, type VerbContext } from '@/lib/auth';
import type { TelemetryFilter } from '@/lib/contracts';
import { narrowsFacets } from './conditions';
import type { EventScope } from './events';
import type { RollupScope } from './facet-rows';
import { readsOf } from './reads';
import { registeredApps } from './rollups';
import { exactRange, resolveWindow } from './time-window';

/** What of telemetry an actor may see of what was asked for. */
export interface TelemetryScope extends RollupScope {
  /** The same apps as they were asked for; `null` stands for every app, also one that was removed. */
  askedApps: readonly string[] | null;
}

/** The scope of a filter over rollups. @throws AppError `permission_denied`, `request_invalid` */
export async function rollupScope(ctx: VerbContext, filter: TelemetryFilter): Promise<TelemetryScope> {
  const { actor, clock } = ctx;
  const askedApps = scopeApps(actor, 'telemetry.read', filter.app);
  const window = resolveWindow(filter, clock.nowMs(), narrowsFacets(filter));
  const apps = askedApps ?? (await registeredApps(readsOf(ctx)));
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

/** Requests that name no app are shown to those who see every app, unless they asked for some. */
export function requestApps({ apps, askedApps }: TelemetryScope): readonly string[] {
  return askedApps === null ? [...apps, ''] : apps;
}
