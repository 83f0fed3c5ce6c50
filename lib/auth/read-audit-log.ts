import { type AuditReader, listAudit } from '@/lib/audit';
import { type AuditQuery, type AuditRow, PERMISSIONS_OF_ROLE } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { Actor, VerbContext } from './actor';
import { mayDo, requireSomewhere } from './permissions';

const ID = /^\d{1,15}$/;

/**
 * One page of the audit log, newest first: everything for those who may read it for the organisation, that of their
 * apps for those who may for some, and everybody's own acts.
 * @throws AppError `permission_denied`, `request_invalid` for a cursor that we did not make
 */
export async function readAuditLog(
  { db, actor }: VerbContext,
  input: AuditQuery,
): Promise<{ rows: AuditRow[]; nextCursor: string | null }> {
  requireSomewhere(actor, 'audit.read_own');
  if (input.cursor !== undefined && !ID.test(input.cursor)) {
    throw new AppError('request_invalid', { fields: { cursor: 'is not a position in this list' } });
  }
  const beforeId = input.cursor === undefined ? undefined : Number(input.cursor);
  const { action, targetKind, targetId, app: apps, limit } = input;
  const filter = { action, targetKind, targetId, apps };
  const rows = await listAudit(db.orm, readerOf(actor), filter, beforeId, limit + 1);
  const shown = rows.slice(0, limit);
  return { rows: shown, nextCursor: rows.length > limit ? String(shown.at(-1)?.id) : null };
}

/** Which audit rows an actor may see. */
export function readerOf(actor: Actor): AuditReader {
  if (mayDo(actor, 'audit.read', null)) return { actorId: actor.id, apps: null };
  const grants = actor.kind === 'staff' ? actor.grants : [];
  const apps = grants
    .filter((grant) => PERMISSIONS_OF_ROLE[grant.role].includes('audit.read'))
    .flatMap((grant) => grant.appId ?? []);
  return { actorId: actor.id, apps };
}
