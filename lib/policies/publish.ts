import { checkRule } from '@/lib/appraisal';
import { loadApps } from '@/lib/apps';
import { type AuditActor, recordAudit } from '@/lib/audit';
import { appendChange } from '@/lib/changes';
import type { Policy } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { Tx } from '@/lib/db';
import { lockStanding, type PolicyStanding } from './store';

/** What happened to an app, for the audit log. */
export interface PolicyAct {
  action: string;
  targetKind: string;
  targetId: string;
  reason: string | null;
  detail?: Record<string, unknown>;
}

/** Locks an app for a change of its policy. @throws AppError `app_not_found` */
export async function lockApp(tx: Tx, appId: string): Promise<PolicyStanding> {
  const standing = await lockStanding(tx, appId);
  if (standing === undefined) throw new AppError('app_not_found');
  return standing;
}

/** Tells every node of an app's new state, with its audit row. Call it last. Returns the change's `seq`. */
export async function announce(tx: Tx, actor: AuditActor, appId: string, act: PolicyAct): Promise<number> {
  const [app] = await loadApps(tx, [appId]);
  if (!app) throw new AppError('app_not_found');
  const changeSeq = await appendChange(tx, 'app', app.snapshot);
  await recordAudit(tx, actor, { ...act, appId, changeSeq });
  return changeSeq;
}

/** Refuses rules that cannot be used, with the path of each and the place. @throws AppError `policy_rule_invalid` */
export function requireSoundRules({ rules }: Policy): void {
  const fields: Record<string, string> = {};
  for (const [index, { expression }] of (rules ?? []).entries()) {
    const { problem } = checkRule(expression);
    if (problem === null) continue;
    const { message, start, end } = problem;
    fields[`policy.rules.${index}.expression`] = `${message} (characters ${start} to ${end})`;
  }
  const [first] = Object.values(fields);
  if (first !== undefined) throw new AppError('policy_rule_invalid', { detail: first, fields });
}
