import { type BlockRuleView, threatTitle } from '@/lib/contracts';
import type { ListedRule, RuleRow } from './rule-store';

/** A rule as the console shows it. */
export function ruleView(
  { deletedAt, stoppedAt, createdAt, updatedAt, evaluatedAt, ...row }: RuleRow,
  counts: ListedRule['counts'],
): BlockRuleView {
  return {
    ...row,
    stoppedAt: stoppedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    evaluatedAt: evaluatedAt?.toISOString() ?? null,
    deletedAt: deletedAt?.toISOString() ?? null,
    ...counts,
  };
}

/** As whom a rule acts, in audit rows and decisions. */
export function ruleActor({ id, name }: Pick<RuleRow, 'id' | 'name'>) {
  return { kind: 'system', id, name: `Rule “${name}”` } as const;
}

/** Why somebody is blocked: the rule, what was found, and the reason that a person gave for the rule. */
export function ruleReason(rule: RuleRow, refusals: number): string {
  const what = rule.threats.length === 0 ? '' : ` for ${rule.threats.map(threatTitle).join(', ')}`;
  const times = refusals === 1 ? 'once' : `${refusals} times`;
  const text = `Rule “${rule.name}”: refused ${times} within ${spanText(rule.windowSeconds)}${what}. ${rule.reason}`;
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}

const MOST_CHARACTERS = 500;

/** "10 minutes", "1 hour", "90 seconds". */
function spanText(seconds: number): string {
  const [unit, size] =
    seconds % 3_600 === 0
      ? (['hour', 3_600] as const)
      : seconds % 60 === 0
        ? (['minute', 60] as const)
        : (['second', 1] as const);
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
