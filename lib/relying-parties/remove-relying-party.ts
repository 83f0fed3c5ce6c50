import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, requireSomewhere, type VerbContext } from '@/lib/auth';
import { appendChange } from '@/lib/changes';
import type { RelyingPartyRemoved } from '@/lib/contracts';
import { AppError, type RelyingPartyId } from '@/lib/core';
import { appsOfApi, findParty, partySnapshot, removeIfPresent } from './store';

/**
 * Removes a relying party: its credential names nobody any more, and no proof waits for it. What it verifies it goes on
 * verifying; a list of what is revoked is open to everybody.
 * @throws AppError `permission_denied`, `relying_party_not_found`
 */
export async function removeRelyingParty(
  { db, actor }: VerbContext,
  input: { id: string; reason: string },
): Promise<RelyingPartyRemoved> {
  requireSomewhere(actor, 'apps.write');
  const id = input.id as RelyingPartyId;
  const party = await findParty(db.orm, id);
  if (party === undefined) throw new AppError('relying_party_not_found');
  const appIds = (await appsOfApi(db.orm, party.apiId)) ?? [];
  for (const appId of appIds) requirePermission(actor, 'apps.write', appId);
  const seq = await db.orm.transaction(async (tx) => {
    if (!(await removeIfPresent(tx, id, actor.name))) throw new AppError('relying_party_not_found');
    const changeSeq = await appendChange(tx, 'relying_party', partySnapshot(party, false));
    await recordAudit(tx, auditActorOf(actor), {
      action: 'relying_party.remove',
      targetKind: 'relying_party',
      targetId: id,
      appId: appIds.length === 1 ? (appIds[0] ?? null) : null,
      reason: input.reason,
      detail: { name: party.name, apiId: party.apiId },
      changeSeq,
    });
    return changeSeq;
  });
  return { id, seq };
}
