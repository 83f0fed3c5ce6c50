/** For which apps somebody may do something. */
export type AppScope = 'all' | readonly string[];

/** What the signed-in person may do about devices: the server decides again for each act. */
export interface BlockRights {
  /** Block for at most 24 hours. */
  short: AppScope;
  /** Block for any length. */
  any: AppScope;
  lift: AppScope;
}

/** Whether a scope covers an app. */
export function covers(scope: AppScope, appId: string): boolean {
  return scope === 'all' || scope.includes(appId);
}
