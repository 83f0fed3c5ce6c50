import { checkRule } from '@/lib/appraisal';
import { requireSomewhere, type VerbContext } from '@/lib/auth';
import type { RuleCheck } from '@/lib/contracts';

/** What is wrong with a rule while it is typed. @throws AppError `permission_denied` */
export async function checkPolicyRule(
  { actor }: VerbContext,
  { expression }: { expression: string },
): Promise<RuleCheck> {
  requireSomewhere(actor, 'policies.read');
  return checkRule(expression);
}
