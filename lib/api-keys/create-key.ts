import { auditActorOf, requirePermission, type VerbContext } from '@/lib/auth';
import type { ApiKeyAct, ApiKeyCreation } from '@/lib/contracts';
import { AppError, type Branded, newId } from '@/lib/core';
import { sealSecret } from '@/lib/crypto';
import { KeyEditor, recordChange } from './change-key';
import { loadKeyView } from './read-keys';
import { apisOfApp, insertKey, isApp, type KeyRow, lockKey, managedKeyOf } from './store/keys';
import { hookIdentityOf, requireVaultKey } from './value';

/**
 * Makes an API key with its first version, active from now on. A managed value is made here and shown to nobody; a third
 * party's is sealed at once. The APIs of a managed key do not refuse requests without it until that is switched on.
 * @throws AppError `permission_denied`, `app_not_found`, `api_not_found`, `api_key_already_exists`, `vault_not_ready`
 */
export async function createApiKey(ctx: VerbContext, input: ApiKeyCreation): Promise<ApiKeyAct> {
  const { db, actor, clock } = ctx;
  requirePermission(actor, 'api_keys.write', input.appId);
  const nowMs = clock.nowMs();
  const key: KeyRow = {
    id: newId<Branded<'api_key'>>(nowMs),
    appId: input.appId,
    name: input.name,
    kind: input.kind,
    apiIds: [...new Set(input.apiIds)],
    isRequired: false,
    hookUrl: input.hook?.url ?? null,
    revision: 1,
    createdAt: new Date(nowMs),
    createdByName: actor.name,
  };
  const seq = await db.orm.transaction(async (tx) => {
    await lockKey(tx, key.appId);
    if (!(await isApp(tx, key.appId))) throw new AppError('app_not_found');
    await requireApis(tx, key);
    const vaultKey = await requireVaultKey(tx);
    const sealedHookSecret =
      input.hook === undefined
        ? null
        : await sealSecret(vaultKey, Buffer.from(input.hook.secret, 'utf8'), hookIdentityOf(key.id));
    if (!(await insertKey(tx, { ...key, sealedHookSecret }))) {
      throw new AppError('api_key_already_exists', { fields: { name: 'is taken' } });
    }
    const editor = new KeyEditor({ tx, key, versions: [], vaultKey, nowMs, byName: actor.name });
    const origin = key.kind === 'managed' ? 'generated' : 'entered';
    await editor.activate(await editor.stage({ value: input.value ?? null, origin }), 0);
    const { kind, apiIds, hookUrl } = key;
    return await recordChange(editor, auditActorOf(actor), {
      action: 'api_key.create',
      detail: { kind, apiIds, hookUrl },
    });
  });
  return { key: await loadKeyView(ctx, key.id), seq };
}

/**
 * Every API must take the app's tokens, and have no other key of the app: which one it checks is never in doubt. The
 * caller has locked the app.
 * @throws AppError `api_not_found`, `api_key_already_exists`
 */
export async function requireApis(
  tx: KeyEditor['tx'],
  key: Pick<KeyRow, 'id' | 'appId' | 'apiIds'>,
): Promise<void> {
  const { appId, apiIds } = key;
  const known = await apisOfApp(tx, appId, apiIds);
  const unknown = apiIds.find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw new AppError('api_not_found', { fields: { apiIds: `${unknown} does not accept this app` } });
  }
  const other = await managedKeyOf(tx, key);
  if (other !== undefined) {
    throw new AppError('api_key_already_exists', { fields: { apiIds: `${other} is checked there already` } });
  }
}
