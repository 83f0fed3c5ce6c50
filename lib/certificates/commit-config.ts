import { loadApps } from '@/lib/apps';
import { type AuditEntry, recordAudit } from '@/lib/audit';
import { type Actor, auditActorOf } from '@/lib/auth';
import { appendChange } from '@/lib/changes';
import type { Pin, PinProblem } from '@/lib/contracts';
import { AppError, type OriginId } from '@/lib/core';
import type { Tx } from '@/lib/db';
import { type OriginRow, setPinVersion, storeConfig } from './store/origins';
import { insertPinSet, setPinSetSeq } from './store/pin-sets';

/** A pin set that is published with a configuration. */
export interface SetToPublish {
  readonly origin: OriginRow;
  readonly pins: readonly Pin[];
  readonly reportOnly: boolean;
  readonly reason: string;
  readonly overridden: readonly PinProblem[];
}

/**
 * Makes the next version of an app's configuration out of its origins, with a new pin set where one is given, and tells
 * every node: the caller has locked the app and written everything else, because the feed is locked from here on. The
 * audit row commits with it.
 */
export async function commitConfig(
  tx: Tx,
  facts: { actor: Actor; appId: string; version: number; now: Date; set?: SetToPublish; audit: AuditEntry },
): Promise<{ version: number; seq: number }> {
  const { actor, appId, now, set } = facts;
  const version = facts.version + 1;
  if (set !== undefined) {
    const { origin, pins, reportOnly, reason, overridden } = set;
    await insertPinSet(tx, {
      appId,
      version,
      originId: origin.id as OriginId,
      host: origin.host,
      pins: [...pins],
      reportOnly,
      reason,
      overridden: [...overridden],
      publishedByName: actor.name,
      publishedAt: now,
    });
    await setPinVersion(tx, origin.id as OriginId, version);
  }
  await storeConfig(tx, appId, version, now);
  const [app] = await loadApps(tx, [appId]);
  if (!app) throw new AppError('app_not_found');
  const seq = await appendChange(tx, 'app', app.snapshot);
  if (set !== undefined) await setPinSetSeq(tx, appId, version, seq);
  await recordAudit(tx, auditActorOf(actor), {
    ...facts.audit,
    appId,
    detail: { ...facts.audit.detail, configVersion: version },
    changeSeq: seq,
  });
  return { version, seq };
}
