import type { Clock } from '@/lib/core';
import type { Database } from '@/lib/db';
import { changeKey } from './change-key';
import { SERVICE_ACTOR } from './end-graces';
import { type RotationRow, settleRotation } from './store/hooks';

/** What the hook returned: the new value, and what it calls it, if it wants to be told to revoke it. */
export interface HookValue {
  readonly value: string;
  readonly ref: string | null;
}

/** What became of a value that the hook returned. `superseded`: somebody rotated meanwhile; the value is discarded. */
export type Completion = 'rotated' | 'superseded' | 'settled_before';

/**
 * Takes in the value that the hook returned for a rotation, in one transaction: the version, its predecessor's grace, the
 * rotation's end. Where the key moved on meanwhile, the value is written down as discarded, so that the hook is told to
 * revoke it.
 */
export async function completeRotation(
  { db, clock }: { db: Database; clock: Clock },
  rotation: RotationRow,
  { value, ref }: HookValue,
): Promise<Completion> {
  let completion: Completion = 'settled_before';
  await changeKey({ db, clock, actor: SERVICE_ACTOR }, rotation.keyId, async (editor) => {
    const isExpected = (editor.active?.version ?? 0) === rotation.fromVersion && editor.staged === undefined;
    const outcome = isExpected
      ? { state: 'done' as const, lastError: null }
      : { state: 'failed' as const, lastError: 'superseded' };
    if (!(await settleRotation(editor.tx, rotation.id, outcome))) return null;
    completion = isExpected ? 'rotated' : 'superseded';
    await editor.endGraces();
    const detail = { from: rotation.fromVersion, requestedBy: rotation.requestedByName };
    if (!isExpected) {
      const discarded = await editor.discard({ value, origin: 'hook', externalRef: ref });
      return {
        action: 'api_key.discard',
        reason: rotation.reason,
        detail: { ...detail, version: discarded },
      };
    }
    const staged = await editor.stage({ value, origin: 'hook', externalRef: ref });
    await editor.activate(staged, rotation.graceSeconds);
    return {
      action: 'api_key.rotate',
      reason: rotation.reason,
      detail: { ...detail, to: staged.version, graceSeconds: rotation.graceSeconds },
    };
  });
  return completion;
}
