import { scopeApps, type VerbContext } from '@/lib/auth';
import type { TelemetryFilter } from '@/lib/contracts';
import { narrowsFacets, type RollupScope } from './conditions';
import type { EventScope } from './events';
import { areMinutesKept } from './kept-minutes';
import { readsOf } from './reads';
import { registeredApps } from './rollups';
import { exactRange, isByMinute, resolveWindow, type TimeWindow } from './time-window';

const DAY_MS = 86_400_000;

/** What of telemetry an actor may see of what was asked for. */
export interface TelemetryScope extends RollupScope {
  /** The same apps as they were asked for; `null` stands for every app, also one that was removed. */
  askedApps: readonly string[] | null;
}

/** The scope of a filter over rollups. @throws AppError `permission_denied`, `request_invalid` */
export async function rollupScope(ctx: VerbContext, filter: TelemetryFilter): Promise<TelemetryScope> {
  const askedApps = scopeApps(ctx.actor, 'telemetry.read', filter.app);
  const apps = askedApps ?? (await registeredApps(readsOf(ctx)));
  const window = await windowOf(ctx, apps, filter, narrowsFacets(filter));
  return { apps, isEveryApp: askedApps === null, askedApps, window, filter };
}

/** The window of a filter: by minutes where it is short, and they are kept of all these apps. @throws AppError `request_invalid` */
export async function windowOf(
  ctx: VerbContext,
  apps: readonly string[],
  filter: TelemetryFilter,
  byHour = false,
): Promise<TimeWindow> {
  const nowMs = ctx.clock.nowMs();
  const asked = exactRange(filter, nowMs);
  // Yesterday's are always kept.
  const isRecent = asked.fromMs >= nowMs - DAY_MS;
  const hasMinutes =
    isRecent || (isByMinute(asked) && (await areMinutesKept(readsOf(ctx), apps, asked.fromMs)));
  return resolveWindow(filter, nowMs, { byHour, hasMinutes });
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
