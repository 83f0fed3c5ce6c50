import { requirePermission, type VerbContext } from '@/lib/auth';
import { DEFAULT_INTEGRITY_QUOTA, type IntegritySettings } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { countUnknownSignals, findSettings, selectUsage } from './store';

const DAY_MS = 86_400_000;

/** How an app's Play Integrity verdicts are read, without secrets. @throws AppError `permission_denied`, `app_not_found` */
export async function readIntegrity(ctx: VerbContext, { id }: { id: string }): Promise<IntegritySettings> {
  requirePermission(ctx.actor, 'apps.read', id);
  return await settingsView(ctx, id, null);
}

/** The settings as the console shows them. @throws AppError `app_not_found` */
export async function settingsView(
  { db, clock }: Pick<VerbContext, 'db' | 'clock'>,
  appId: string,
  seq: number | null,
): Promise<IntegritySettings> {
  const stored = await findSettings(db.orm, appId);
  if (stored === undefined) throw new AppError('app_not_found');
  const [usage, unknownSignals24h] = await Promise.all([
    selectUsage(db.orm, appId),
    countUnknownSignals(db.orm, appId, new Date(clock.nowMs() - DAY_MS)),
  ]);
  return {
    revision: stored.revision,
    request: stored.request,
    keysSetAt: stored.keysSetAt?.toISOString() ?? null,
    accountSetAt: stored.accountSetAt?.toISOString() ?? null,
    accountEmail: stored.accountEmail,
    dailyQuota: stored.dailyQuota ?? DEFAULT_INTEGRITY_QUOTA,
    updatedAt: stored.updatedAt?.toISOString() ?? null,
    updatedByName: stored.updatedByName,
    usage,
    unknownSignals24h,
    seq,
  };
}
