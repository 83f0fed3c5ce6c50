import { auditActorOf, requirePermission, requireSomewhere, type VerbContext } from '@/lib/auth';
import type { ApiKeyAct, Permission } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { changeKey, type KeyAudit, type KeyEditor } from './change-key';
import { loadKeyView } from './read-keys';
import { findKey, type KeyRow } from './store/keys';

/**
 * The key that a person wants to do something to, if they may.
 * @throws AppError `permission_denied`, `api_key_not_found`
 */
export async function requireKey(
  { db, actor }: VerbContext,
  permission: Permission,
  id: string,
): Promise<KeyRow> {
  requireSomewhere(actor, permission);
  const key = await findKey(db.orm, id);
  if (key === undefined) throw new AppError('api_key_not_found');
  requirePermission(actor, permission, key.appId);
  return key;
}

/** A person's act on one key: graces that are over are written down first, then the act happens as a whole or not. */
export async function act(
  ctx: VerbContext,
  id: string,
  change: (editor: KeyEditor) => Promise<KeyAudit>,
): Promise<ApiKeyAct> {
  const seq = await changeKey({ ...ctx, actor: auditActorOf(ctx.actor) }, id, async (editor) => {
    const graceEnded = await editor.endGraces();
    const audit = await change(editor);
    return graceEnded.length === 0 ? audit : { ...audit, detail: { ...audit.detail, graceEnded } };
  });
  // What devices and traffic make of the key is slow to read, and would keep nodes from it.
  return { key: await loadKeyView(ctx, id), seq };
}
