import type { VerbContext } from '@/lib/auth';
import { auditActorOf } from '@/lib/auth';
import type { ApiKeyAct, ApiKeyActivation, ApiKeyRotationRequest, ApiKeyStaging } from '@/lib/contracts';
import { AppError, type Branded, newId } from '@/lib/core';
import { act, requireKey } from './act';
import { changeKey, type KeyEditor, type NewValue } from './change-key';
import { loadKeyView } from './read-keys';
import { insertRotation } from './store/hooks';
import type { KeyRow } from './store/keys';

/**
 * Gives out a new version from now on; the one before may be used for as long as the grace. Of two rotations at once one
 * wins, and the other is told. Where the key has a hook and no value is given, the hook is asked for one instead, and the
 * answer has no change yet.
 * @throws AppError `permission_denied`, `api_key_not_found`, `edit_conflict`, `request_invalid`,
 * `api_key_transition_refused`
 */
export async function rotateApiKey(ctx: VerbContext, input: ApiKeyRotationRequest): Promise<ApiKeyAct> {
  const key = await requireKey(ctx, 'api_keys.rotate', input.id);
  if (key.hookUrl !== null && input.value === undefined) return await askHook(ctx, input);
  const value = givenValue(key, input.value);
  return await act(ctx, input.id, async (editor) => {
    requireUnchanged(editor, input.fromVersion);
    requireNothingStaged(editor);
    const staged = await editor.stage(value);
    await editor.activate(staged, input.graceSeconds);
    return {
      action: 'api_key.rotate',
      reason: input.reason,
      detail: { from: input.fromVersion, to: staged.version, graceSeconds: input.graceSeconds },
    };
  });
}

/** Prepares a new version that nobody is given yet. @throws AppError, as `rotateApiKey` */
export async function stageApiKey(ctx: VerbContext, input: ApiKeyStaging): Promise<ApiKeyAct> {
  const value = givenValue(await requireKey(ctx, 'api_keys.rotate', input.id), input.value);
  return await act(ctx, input.id, async (editor) => {
    requireNothingStaged(editor);
    const { version } = await editor.stage(value);
    return { action: 'api_key.stage', detail: { version } };
  });
}

/** Gives out the staged version from now on. @throws AppError, as `rotateApiKey`, `api_key_version_not_found` */
export async function activateApiKey(ctx: VerbContext, input: ApiKeyActivation): Promise<ApiKeyAct> {
  await requireKey(ctx, 'api_keys.rotate', input.id);
  return await act(ctx, input.id, async (editor) => {
    const staged = editor.version(input.version);
    if (staged.status !== 'staged') throw new AppError('api_key_transition_refused');
    const from = editor.active?.version ?? null;
    await editor.activate(staged, input.graceSeconds);
    return {
      action: 'api_key.rotate',
      reason: input.reason,
      detail: { from, to: staged.version, graceSeconds: input.graceSeconds },
    };
  });
}

async function askHook(ctx: VerbContext, input: ApiKeyRotationRequest): Promise<ApiKeyAct> {
  const { actor } = ctx;
  await changeKey({ ...ctx, actor: auditActorOf(actor) }, input.id, async (editor) => {
    requireUnchanged(editor, input.fromVersion);
    requireNothingStaged(editor);
    const at = new Date(editor.nowMs);
    const isAsked = await insertRotation(editor.tx, {
      id: newId<Branded<'api_key_rotation'>>(editor.nowMs),
      keyId: editor.key.id,
      fromVersion: input.fromVersion ?? 0,
      graceSeconds: input.graceSeconds,
      reason: input.reason,
      state: 'due',
      requestedAt: at,
      requestedBy: actor.id,
      requestedByName: actor.name,
      dueAt: at,
    });
    if (!isAsked) throw new AppError('edit_conflict', { detail: 'The hook is being asked already.' });
    return {
      action: 'api_key.request_rotation',
      reason: input.reason,
      detail: { from: input.fromVersion, graceSeconds: input.graceSeconds },
    };
  });
  return { key: await loadKeyView(ctx, input.id), seq: null };
}

/** What the new version holds. A managed key takes nothing from outside, a third party's everything. */
export function givenValue({ kind }: KeyRow, value: string | undefined): NewValue {
  if ((kind === 'managed') === (value !== undefined)) {
    const why = kind === 'managed' ? 'is made here for a managed key' : 'is needed';
    throw new AppError('request_invalid', { fields: { value: why } });
  }
  return { value: value ?? null, origin: kind === 'managed' ? 'generated' : 'entered' };
}

function requireUnchanged(editor: KeyEditor, fromVersion: number | null): void {
  if ((editor.active?.version ?? null) !== fromVersion) throw new AppError('edit_conflict');
}

function requireNothingStaged({ staged }: KeyEditor): void {
  if (staged === undefined) return;
  throw new AppError('api_key_transition_refused', {
    detail: `Version ${staged.version} is staged: activate or discard it first.`,
  });
}
