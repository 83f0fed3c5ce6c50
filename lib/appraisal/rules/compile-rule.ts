import {
  MAX_RULE_COST,
  RULE_VARIABLES,
  type RuleCheck,
  type RuleFault,
  type ThreatId,
} from '@/lib/contracts';
import type { AppraisalInput } from '../input';
import { remembered } from './remembered';
import { causeOf, OTHER } from './rule-cause';
import { contextOf, NEVER_RECURS, type ReadFact, RULE_FACTS, type RuleFact, readsOf } from './rule-facts';
import { type ReadExpression, ruleLanguage } from './rule-language';

/** What a rule came to; a text says why it could not be evaluated, as `AppraisalMatch` has it. */
export type RuleOutcome = boolean | string;

/** A rule that was checked. Never throws, whatever it judges. `threats` are sorted, and each of them is named once. */
export type CompiledRule = (input: AppraisalInput, threats: readonly ThreatId[]) => RuleOutcome;

const readExpression = ruleLanguage(RULE_VARIABLES);

function readRule(expression: string): ReadExpression {
  const read = readExpression(expression);
  if (read.problem !== null) return read;
  const whole = { start: 0, end: expression.length };
  if (read.type !== 'bool') {
    const message = `A rule must give a bool; this gives ${read.type}.`;
    return { problem: { code: 'not_bool', message, ...whole } };
  }
  if (read.cost > MAX_RULE_COST) {
    const message = `This may take ${read.cost} steps, and a rule at most ${MAX_RULE_COST}.`;
    return { problem: { code: 'cost_limit', message, ...whole } };
  }
  return read;
}

/** What is wrong with an expression, where, and what it costs in its worst case. Total: nothing that is typed makes it throw. */
export function checkRule(expression: string): RuleCheck {
  const read = readRule(expression);
  return { problem: read.problem, cost: read.problem === null ? read.cost : null, mostCost: MAX_RULE_COST };
}

/** Prepares a rule. One that does not pass the check, as only a policy that was not checked holds, fails each time. */
export function compileRule(expression: string): CompiledRule {
  const read = readRule(expression);
  if (read.problem !== null) return () => 'not_checked' satisfies RuleFault;
  const { parsed } = read;
  const names = readsOf(expression);
  const evaluate = (values: readonly RuleFact[]): RuleOutcome => {
    try {
      const value: unknown = parsed(contextOf(names, values));
      return typeof value === 'boolean' ? value : OTHER;
    } catch (error) {
      return causeOf(error);
    }
  };
  const readers: ReadFact[] = names.flatMap((name) => RULE_FACTS[name] ?? []);
  if (!names.some((name) => NEVER_RECURS.has(name))) return remembered(readers, evaluate);
  return (input, threats) => evaluate(readers.map((read) => read(input, threats)));
}
