import { recordAudit } from '@/lib/audit';
import { parseTarget } from '@/lib/block-list';
import { type BlockRuleId, fixedClock } from '@/lib/core';
import type { Database, Tx } from '@/lib/db';
import { escalatedSeconds } from './escalation';
import { makeBlocks } from './make-blocks';
import { isCancelled } from './reach-store';
import { exceeds, seenNeeded } from './rule-limits';
import {
  type Candidate,
  countCertified,
  countSeen,
  findCandidates,
  limitPatience,
  targetsMade,
} from './rule-reach-store';
import { dueRules, noteFailure, type RuleRow, takeDueRule, updateRule } from './rule-store';
import { ruleActor, ruleReason } from './rule-view';

/** How often it is looked at whom a rule concerns. */
const EVERY_SECONDS = 10;

/** What became of a rule that was evaluated. */
export interface Evaluation {
  readonly ruleId: string;
  readonly name: string;
  readonly blocked: number;
  /** Why it stopped itself, if it did. */
  readonly stopped: string | null;
  /** It could not be evaluated: nobody was blocked, and it is tried again. */
  readonly error: unknown;
}

/**
 * Evaluates the rules that are due. Each is one transaction that holds the rule: of two who do this one leaves it to the
 * other, a crash undoes all of it, and whom it has blocked is not blocked again for the same refusals.
 */
export async function evaluateDueRules(db: Database): Promise<Evaluation[]> {
  const done: Evaluation[] = [];
  for (const id of await dueRules(db.orm, EVERY_SECONDS)) {
    const evaluation = await evaluateRule(db, id);
    if (evaluation !== undefined) done.push(evaluation);
  }
  return done;
}

async function evaluateRule(db: Database, id: BlockRuleId): Promise<Evaluation | undefined> {
  try {
    return await db.orm.transaction(async (tx) => {
      const taken = await takeDueRule(tx, id, EVERY_SECONDS);
      if (taken === undefined) return undefined;
      await limitPatience(tx);
      return await apply(tx, taken.rule, taken.now);
    });
  } catch (error) {
    const why = isCancelled(error) ? 'Looking whom it concerns took too long.' : 'It could not be evaluated.';
    await noteFailure(db.orm, id, why);
    return { ruleId: id, name: '', blocked: 0, stopped: null, error };
  }
}

async function apply(tx: Tx, rule: RuleRow, now: Date): Promise<Evaluation> {
  // One more than it may block is enough to know that it must not.
  const found = await findCandidates(tx, rule, now, rule.mostDevices + 1);
  const candidates = found.filter(({ target }) => parseTarget(rule.subject, target).ok);
  const evaluated = { evaluatedAt: now, evaluationError: null };
  const outcome = { ruleId: rule.id, name: rule.name, blocked: 0, stopped: null, error: null };
  if (candidates.length === 0) {
    await updateRule(tx, rule.id, evaluated);
    return outcome;
  }
  const stopped = await whyStop(tx, rule, candidates, now);
  if (stopped !== null) {
    await updateRule(tx, rule.id, {
      ...evaluated,
      ...{ state: 'stopped', stoppedWhy: stopped, stoppedAt: now, revision: rule.revision + 1 },
    });
    await recordAudit(tx, ruleActor(rule), {
      ...about(rule),
      action: 'block_rule.stop',
      reason: stopped,
      detail: { name: rule.name, targets: candidates.length },
    });
    return { ...outcome, stopped };
  }
  await updateRule(tx, rule.id, evaluated);
  return { ...outcome, blocked: await block(tx, rule, candidates, now) };
}

/** Why a rule must not block these: a release that is refused everywhere must not have the fleet blocked. */
async function whyStop(
  tx: Tx,
  rule: RuleRow,
  candidates: readonly Candidate[],
  now: Date,
): Promise<string | null> {
  const targets = new Set([
    ...(await targetsMade(tx, rule.id, now)),
    ...candidates.map(({ target }) => target),
  ]);
  const devices =
    rule.subject === 'hardware' ? await countCertified(tx, rule.appId, [...targets], now) : targets.size;
  const most = Math.max(devices, targets.size);
  const seen = await countSeen(tx, rule.appId, now, seenNeeded(rule, most));
  if (!exceeds(rule, most, seen)) return null;
  const share =
    most > rule.mostDevices ? `${rule.mostDevices} devices` : `${rule.mostPercent} % of the devices seen`;
  const count = candidates.length > rule.mostDevices ? `more than ${rule.mostDevices}` : `${most}`;
  return `It would have blocked ${count} devices within 24 hours, and may block ${share}. Nobody was blocked.`;
}

async function block(tx: Tx, rule: RuleRow, candidates: readonly Candidate[], now: Date): Promise<number> {
  const actor = ruleActor(rule);
  const { rows, seq } = await makeBlocks(
    tx,
    { actor, clock: fixedClock(now.getTime()) },
    { origin: 'rule', batchId: null },
    candidates.map(({ target, refusals, offences }) => {
      const seconds = rule.escalates
        ? escalatedSeconds(rule.durationSeconds, offences)
        : rule.durationSeconds;
      return {
        ...{
          scope: rule.subject,
          target,
          appId: rule.appId,
          effect: rule.effect,
          incident: null,
          owner: null,
        },
        reason: ruleReason(rule, refusals),
        expiresAt: new Date(now.getTime() + seconds * 1000),
      };
    }),
  );
  if (rows.length > 0) {
    await recordAudit(tx, actor, {
      ...about(rule),
      action: 'block_rule.apply',
      reason: rule.reason,
      detail: { name: rule.name, effect: rule.effect, blocks: rows.map(({ id }) => id) },
      changeSeq: seq,
    });
  }
  return rows.length;
}

const about = ({ id, appId }: RuleRow) => ({ targetKind: 'block_rule', targetId: id, appId });
