import { auditActorOf, type VerbContext } from '@/lib/auth';
import type { ApiKeyAct, ApiKeyEdit } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { sealSecret } from '@/lib/crypto';
import { requireKey } from './act';
import { changeKey, type KeyEditor } from './change-key';
import { requireApis } from './create-key';
import { loadKeyView } from './read-keys';
import { lockKey, updateKey } from './store/keys';
import { hookIdentityOf, requireVaultKey } from './value';

/**
 * Changes which APIs check a managed key, or where a third party's new values come from. It succeeds only on top of the
 * revision that the editor saw, so that nobody undoes what they have not read. What changes nothing leaves no trace.
 * @throws AppError `permission_denied`, `api_key_not_found`, `edit_conflict`, `request_invalid`, `api_not_found`,
 * `api_key_already_exists` where an API checks another key of the app, `vault_not_ready`
 */
export async function editApiKey(ctx: VerbContext, input: ApiKeyEdit): Promise<ApiKeyAct> {
  const { kind } = await requireKey(ctx, 'api_keys.write', input.id);
  requireOfKind(kind, input);
  const seq = await changeKey({ ...ctx, actor: auditActorOf(ctx.actor) }, input.id, async (editor) => {
    const { key, tx } = editor;
    if (key.revision !== input.basedOn) throw new AppError('edit_conflict');
    const before = { apiIds: key.apiIds, hookUrl: key.hookUrl };
    const change = { ...(await apisOf(editor, input)), ...(await hookOf(editor, input)) };
    if (Object.keys(change).length === 0) return null;
    await updateKey(tx, key.id, change);
    // The snapshot of the change tells the nodes by which APIs the key is checked from now on.
    key.apiIds = change.apiIds ?? key.apiIds;
    const after = { apiIds: key.apiIds, hookUrl: 'hookUrl' in change ? change.hookUrl : key.hookUrl };
    return {
      action: 'api_key.edit',
      reason: input.reason,
      detail: { before, after, ...(change.sealedHookSecret ? { newHookSecret: true } : {}) },
    };
  });
  return { key: await loadKeyView(ctx, input.id), seq };
}

function requireOfKind(kind: 'managed' | 'external', { apiIds, hook }: ApiKeyEdit): void {
  const wrong = (fields: Record<string, string>) => new AppError('request_invalid', { fields });
  if (kind === 'managed') {
    if (hook !== undefined) throw wrong({ hook: "is for a third party's key" });
    if (apiIds?.length === 0) throw wrong({ apiIds: 'choose at least one API that checks it' });
  } else if (apiIds !== undefined) {
    throw wrong({ apiIds: 'is for a managed key: nobody here checks this one' });
  }
}

async function apisOf({ tx, key }: KeyEditor, { apiIds }: ApiKeyEdit): Promise<{ apiIds?: string[] }> {
  if (apiIds === undefined) return {};
  const wanted = [...new Set(apiIds)];
  if (wanted.length === key.apiIds.length && wanted.every((id) => key.apiIds.includes(id))) return {};
  // As who makes a key for the app: an API is not given to two.
  await lockKey(tx, key.appId);
  await requireApis(tx, { ...key, apiIds: wanted });
  return { apiIds: wanted };
}

async function hookOf(
  { tx, key }: KeyEditor,
  { hook }: ApiKeyEdit,
): Promise<{ hookUrl?: string | null; sealedHookSecret?: string | null }> {
  if (hook === undefined) return {};
  if (hook === null) return key.hookUrl === null ? {} : { hookUrl: null, sealedHookSecret: null };
  const { url, secret } = hook;
  if (secret === undefined) {
    if (url === key.hookUrl) return {};
    // What was signed for one endpoint is not to be good at another.
    throw new AppError('request_invalid', { fields: { 'hook.secret': 'is needed for a new address' } });
  }
  const vaultKey = await requireVaultKey(tx);
  return {
    hookUrl: url,
    sealedHookSecret: await sealSecret(vaultKey, Buffer.from(secret, 'utf8'), hookIdentityOf(key.id)),
  };
}
