import { type AppraisalInput, appraise, compilePolicy, decodeFacts, splitFacts } from '@/lib/appraisal';
import { requirePermission, type VerbContext } from '@/lib/auth';
import type { Platform, ReplayExplain, ReplayExplainRequest } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { findRecordedFacts, type RecordedAttestation } from '@/lib/telemetry/queries';
import { requireSoundRules } from '../publish';
import { quarantinesSince } from '../quarantine-store';
import { findStanding, findVersion } from '../store';

/**
 * One recorded attestation under the policy in force and under another one.
 * @throws AppError `permission_denied`, `app_not_found`, `policy_rule_invalid`, `event_not_found`
 */
export async function explainReplay(
  ctx: VerbContext,
  { id, eventId, policy }: ReplayExplainRequest,
): Promise<ReplayExplain> {
  requirePermission(ctx.actor, 'policies.read', id);
  requirePermission(ctx.actor, 'telemetry.read', id);
  requireSoundRules(policy);
  const standing = await findStanding(ctx.db.orm, id);
  const inForce = standing && (await findVersion(ctx.db.orm, id, standing.currentVersion));
  if (!inForce) throw new AppError('app_not_found');
  const recorded = await findRecordedFacts(ctx, id, eventId);
  const input = recorded && inputOf(recorded);
  if (!recorded || !input) throw new AppError('event_not_found');
  const quarantines = await quarantinesSince(ctx.db.orm, id, input.nowMs);
  return {
    reference: recorded.reference,
    against: inForce.version,
    before: appraise(compilePolicy(inForce.policy, quarantines), input),
    after: appraise(compilePolicy(policy, quarantines), input),
  };
}

/** What was judged; `null` where the event is of before facts were recorded. */
function inputOf(recorded: RecordedAttestation): AppraisalInput | null {
  const split = recorded.facts === null ? null : splitFacts(recorded.facts);
  const facts = split && decodeFacts(split.recurring);
  if (!split || !facts) return null;
  const { osVersion, appVersion, model, country, networkKind } = recorded;
  const platform = recorded.platform as Platform | 'unknown';
  return {
    ...facts,
    ...split.ages,
    client: { platform, osVersion, appVersion, model, country, networkKind },
    nowMs: recorded.receivedAt.getTime(),
  };
}
