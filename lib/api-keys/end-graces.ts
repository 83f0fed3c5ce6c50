import type { AuditActor } from '@/lib/audit';
import type { Clock } from '@/lib/core';
import type { Database } from '@/lib/db';
import { changeKey } from './change-key';
import { keysWithEndedGrace } from './store/versions';

/** Who acts where no person does. */
export const SERVICE_ACTOR: AuditActor = {
  kind: 'system',
  id: 'attestation-service',
  name: 'Attestation service',
};

/**
 * Writes down which graces are over. Nodes refuse by time, to the millisecond and without this; what follows the end, such
 * as telling a hook, follows this. Returns how many versions ended.
 */
export async function endGraces(db: Database, clock: Clock): Promise<number> {
  let ended = 0;
  for (const id of await keysWithEndedGrace(db.orm)) {
    await changeKey({ db, clock, actor: SERVICE_ACTOR }, id, async (editor) => {
      const versions = await editor.endGraces();
      ended += versions.length;
      return versions.length === 0 ? null : { action: 'api_key.end_grace', detail: { versions } };
    });
  }
  return ended;
}
