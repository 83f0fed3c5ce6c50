/** For which apps somebody may do something. */
export type AppScope = 'all' | readonly string[];

/** What the signed-in person may do about devices: the server decides again for each act. */
export interface BlockRights {
  /** Block for at most 24 hours. */
  short: AppScope;
  /** Block for any length. */
  any: AppScope;
  lift: AppScope;
  allow: AppScope;
}

/** What the signed-in person may do about everything that can be blocked, for the same reason. */
export interface DecisionRights {
  /** Block single devices for any length. */
  devices: AppScope;
  /** Block what names no single device. */
  wide: AppScope;
  allow: AppScope;
  lift: AppScope;
}

/** Whether a scope covers anything at all. */
export function coversAny(scope: AppScope): boolean {
  return scope === 'all' || scope.length > 0;
}

/** Whether a scope covers an app, or (`null`) every one. */
export function coversApp(scope: AppScope, appId: string | null): boolean {
  return scope === 'all' || (appId !== null && scope.includes(appId));
}

/** Whether a scope covers an app. */
export function covers(scope: AppScope, appId: string): boolean {
  return scope === 'all' || scope.includes(appId);
}
