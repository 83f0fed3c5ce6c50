import { requireStepUp, type VerbContext } from '@/lib/auth';
import type { ApiKeyAct, ApiKeyRequirement, ApiKeyRetirement, ApiKeyRevocation } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { act, requireKey } from './act';
import type { KeyEditor } from './change-key';
import { isInUse } from './read-keys';
import { givenValue } from './rotate-key';
import { setRequired } from './store/keys';
import type { VersionRow } from './store/versions';

/**
 * Ends a version that is staged or retiring. One that is still used is not ended unless the person says so.
 * @throws AppError `permission_denied`, `api_key_not_found`, `api_key_version_not_found`, `api_key_in_use`,
 * `step_up_required` where it is used, `api_key_transition_refused` for the active version, and for one that has ended
 */
export async function retireApiKeyVersion(ctx: VerbContext, input: ApiKeyRetirement): Promise<ApiKeyAct> {
  const key = await requireKey(ctx, 'api_keys.rotate', input.id);
  const inUse = await isInUse(ctx, key, input.version);
  return await act(ctx, input.id, async (editor) => {
    const row = editor.version(input.version);
    if (row.status !== 'staged' && row.status !== 'retiring') {
      throw new AppError('api_key_transition_refused');
    }
    const isForced = row.status === 'retiring' && inUse;
    if (isForced && !input.override) throw new AppError('api_key_in_use');
    if (isForced) requireStepUp(ctx, 'api_key_retire_in_use');
    await editor.end(row, row.status === 'staged' ? 'discarded' : 'retired');
    return {
      action: row.status === 'staged' ? 'api_key.discard' : 'api_key.retire',
      reason: input.reason,
      detail: { version: row.version, ...(isForced ? { whileInUse: true } : {}) },
    };
  });
}

/**
 * Ends a version at once, whatever uses it. Where it was the active one, a successor takes over in the same moment: the
 * staged version, a new managed one, or the value that is given; a third party's key may be left without any.
 * @throws AppError `permission_denied`, `step_up_required`, `api_key_not_found`, `api_key_version_not_found`,
 * `api_key_transition_refused` for one that has ended
 */
export async function revokeApiKeyVersion(ctx: VerbContext, input: ApiKeyRevocation): Promise<ApiKeyAct> {
  const key = await requireKey(ctx, 'api_keys.rotate', input.id);
  requireStepUp(ctx, 'api_key_revoke');
  if (key.kind === 'managed' && input.value !== undefined) givenValue(key, input.value);
  return await act(ctx, input.id, async (editor) => {
    const row = editor.version(input.version);
    if (row.status === 'revoked') throw new AppError('api_key_transition_refused');
    await editor.end(row, 'emergency');
    const successor = row.status === 'active' ? await succeed(editor, input.value) : undefined;
    return {
      action: 'api_key.revoke',
      reason: input.reason,
      detail: { version: row.version, wasStatus: row.status, successor: successor?.version ?? null },
    };
  });
}

async function succeed(editor: KeyEditor, value: string | undefined): Promise<VersionRow | undefined> {
  const isManaged = editor.key.kind === 'managed';
  if (value !== undefined && editor.staged !== undefined) {
    throw new AppError('request_invalid', { fields: { value: 'a version is staged already' } });
  }
  const successor =
    editor.staged ??
    (isManaged || value !== undefined ? await editor.stage(givenValue(editor.key, value)) : undefined);
  if (successor !== undefined) await editor.activate(successor, 0);
  return successor;
}

/**
 * Decides whether the APIs of a managed key refuse requests that do not present it.
 * @throws AppError `permission_denied`, `api_key_not_found`, `api_key_transition_refused` for a third party's key
 */
export async function requireApiKey(ctx: VerbContext, input: ApiKeyRequirement): Promise<ApiKeyAct> {
  const key = await requireKey(ctx, 'api_keys.write', input.id);
  if (key.kind !== 'managed') throw new AppError('api_key_transition_refused');
  return await act(ctx, input.id, async (editor) => {
    await setRequired(editor.tx, input.id, input.isRequired);
    editor.key.isRequired = input.isRequired;
    return {
      action: input.isRequired ? 'api_key.require' : 'api_key.observe',
      reason: input.reason,
      detail: { apiIds: editor.key.apiIds },
    };
  });
}
