import { randomBytes } from 'node:crypto';
import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, requireSomewhere, type VerbContext } from '@/lib/auth';
import { appendChange } from '@/lib/changes';
import type { RelyingPartyDraft, RelyingPartyMade } from '@/lib/contracts';
import { AppError, newId, type RelyingPartyId, sha256, toBase64Url } from '@/lib/core';
import { appsOfApi, insertParty, partySnapshot } from './store';

/** Says what it is where it turns up in a log or a repository, so that scanners for secrets find it. */
const PREFIX = 'csr_';
const CREDENTIAL_BYTES = 32;

/**
 * Registers a relying party that verifies locally, and makes the credential by which it names itself to the revocation
 * feed. Of that only a hash is kept: the answer holds it, and nothing else ever will.
 * @throws AppError `permission_denied`, `api_not_found`, `relying_party_name_taken`
 */
export async function registerRelyingParty(
  { db, actor, clock }: VerbContext,
  { name, apiId }: RelyingPartyDraft,
): Promise<RelyingPartyMade> {
  requireSomewhere(actor, 'apps.write');
  const appIds = await appsOfApi(db.orm, apiId);
  if (appIds === undefined) throw new AppError('api_not_found', { fields: { apiId: 'is not registered' } });
  for (const appId of appIds) requirePermission(actor, 'apps.write', appId);
  const nowMs = clock.nowMs();
  const credential = PREFIX + toBase64Url(randomBytes(CREDENTIAL_BYTES));
  const party = {
    id: newId<RelyingPartyId>(nowMs),
    ...{ name, apiId },
    credentialHash: sha256(credential),
    createdAt: new Date(nowMs),
    createdByName: actor.name,
  };
  const seq = await db.orm.transaction(async (tx) => {
    if (!(await insertParty(tx, party))) {
      throw new AppError('relying_party_name_taken', { fields: { name: 'is taken' } });
    }
    const changeSeq = await appendChange(tx, 'relying_party', partySnapshot(party, true));
    await recordAudit(tx, auditActorOf(actor), {
      action: 'relying_party.register',
      targetKind: 'relying_party',
      targetId: party.id,
      appId: appIds.length === 1 ? (appIds[0] ?? null) : null,
      detail: { name, apiId },
      changeSeq,
    });
    return changeSeq;
  });
  return { id: party.id, name, apiId, credential, seq };
}
