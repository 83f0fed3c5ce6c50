import { loadApps } from '@/lib/apps';
import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, type VerbContext } from '@/lib/auth';
import { appendChange } from '@/lib/changes';
import type { ArchiveChange, ArchiveSettings } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { findArchive, lockApp, updateArchiveDays } from './store';

/** For how long an app's raw evidence is kept. @throws AppError `permission_denied`, `app_not_found` */
export async function readArchive(ctx: VerbContext, { id }: { id: string }): Promise<ArchiveSettings> {
  requirePermission(ctx.actor, 'apps.read', id);
  return await archiveView(ctx, id, null);
}

/**
 * Sets for how long an app's raw evidence is kept, from its next attestation on; 0 keeps none. What is older, or not to
 * be kept any more, is deleted by scheduled work, by the day.
 * @throws AppError `permission_denied`, `app_not_found`, `edit_conflict`
 */
export async function setArchive(
  ctx: VerbContext,
  { id, basedOn, archiveDays, reason }: ArchiveChange & { id: string },
): Promise<ArchiveSettings> {
  const { db, actor, clock } = ctx;
  requirePermission(actor, 'apps.write', id);
  const seq = await db.orm.transaction(async (tx) => {
    await lockApp(tx, id);
    const stored = await findArchive(tx, id);
    if (stored === undefined) throw new AppError('app_not_found');
    if (stored.revision !== basedOn) throw new AppError('edit_conflict');
    await updateArchiveDays(tx, id, archiveDays, new Date(clock.nowMs()));
    const [app] = await loadApps(tx, [id]);
    if (app === undefined) throw new AppError('app_not_found');
    const changeSeq = await appendChange(tx, 'app', app.snapshot);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'app.set_evidence_archive',
      targetKind: 'app',
      targetId: id,
      appId: id,
      reason,
      detail: { before: stored.archiveDays, after: archiveDays },
      changeSeq,
    });
    return changeSeq;
  });
  return await archiveView(ctx, id, seq);
}

async function archiveView(
  { db }: Pick<VerbContext, 'db'>,
  id: string,
  seq: number | null,
): Promise<ArchiveSettings> {
  const stored = await findArchive(db.orm, id);
  if (stored === undefined) throw new AppError('app_not_found');
  const { revision, archiveDays, oldestAt } = stored;
  return { revision, archiveDays, oldestAt: oldestAt?.toISOString() ?? null, seq };
}
