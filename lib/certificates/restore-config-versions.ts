import { loadApps } from '@/lib/apps';
import { recordAudit } from '@/lib/audit';
import { appendChange } from '@/lib/changes';
import type { Database } from '@/lib/db';
import { lockApp, raiseConfigVersion } from './store/origins';
import { recountAdoption } from './store/rotations';

const SYSTEM = { kind: 'system', id: 'attestation-service', name: 'Attestation service' } as const;
const REASON = 'The database was restored to an earlier state, and a node knew a later version.';

/**
 * Raises versions of app configurations that a restored database has forgotten past those that a node knows: devices keep
 * the configuration of the highest version that they have seen, and would take none of those to come. What the configuration
 * says is what was restored. Of several nodes one does it, each app in a transaction of its own. Gives how many were raised.
 */
export async function restoreConfigVersions(
  db: Database,
  known: readonly { appId: string; version: number }[],
): Promise<number> {
  let raised = 0;
  for (const { appId, version } of known) if (await raise(db, appId, version)) raised += 1;
  return raised;
}

function raise(db: Database, appId: string, known: number): Promise<boolean> {
  return db.orm.transaction(async (tx) => {
    const stored = await lockApp(tx, appId);
    if (stored === undefined || stored > known) return false;
    const version = known + 1;
    await raiseConfigVersion(tx, appId, version);
    await recountAdoption(tx, appId, version);
    const [app] = await loadApps(tx, [appId]);
    if (!app) return false;
    const seq = await appendChange(tx, 'app', app.snapshot);
    await recordAudit(tx, SYSTEM, {
      action: 'app_config.raise',
      targetKind: 'app',
      targetId: appId,
      appId,
      reason: REASON,
      detail: { configVersion: version, was: stored },
      changeSeq: seq,
    });
    return true;
  });
}
