import { type Context, Environment, type ParseResult } from '@marcbachmann/cel-js';
import {
  compareVersionNumbers,
  MAX_RULE_COST,
  RULE_FUNCTIONS,
  RULE_VARIABLES,
  type RuleCheck,
  type RuleProblem,
  versionNumbers,
} from '@/lib/contracts';
import { ruleCost } from './rule-cost';

/** What a rule came to: `failed` where it read what is not there, or gave no bool. */
export type RuleOutcome = boolean | 'failed';

/** A rule that was checked. Never throws, whatever the facts are. */
export type CompiledRule = (facts: Context) => RuleOutcome;

const ENVIRONMENT = buildEnvironment();

function buildEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    limits: { maxAstNodes: 300, maxDepth: 24, maxListElements: 100, maxMapEntries: 0, maxCallArguments: 4 },
  });
  const members: Record<string, Record<string, string>> = {};
  for (const { name, type } of RULE_VARIABLES) {
    const [base = '', member] = name.split('.');
    if (member === undefined) environment.registerVariable(name, type);
    else members[base] = { ...members[base], [member]: type };
  }
  for (const [name, schema] of Object.entries(members)) environment.registerVariable(name, { schema });
  for (const { signature } of RULE_FUNCTIONS) environment.registerFunction(signature, isAtLeast);
  return environment;
}

function isAtLeast(version: string, bound: string): boolean {
  const [a, b] = [versionNumbers(version), versionNumbers(bound)];
  if (a === null || b === null) throw new RangeError('is no version');
  return compareVersionNumbers(a, b) >= 0;
}

type Checked = { problem: RuleProblem } | { problem: null; cost: number; parsed: ParseResult };

function checkExpression(expression: string): Checked {
  const whole = { start: 0, end: expression.length };
  const result = ENVIRONMENT.check(expression);
  if (result.error !== undefined) {
    const { code, summary, range } = result.error;
    return { problem: { code, message: summary, ...whole, ...range } };
  }
  if (result.type !== 'bool') {
    const message = `A rule must give a bool; this gives ${result.type ?? 'nothing'}.`;
    return { problem: { code: 'not_bool', message, ...whole } };
  }
  const parsed = ENVIRONMENT.parse(expression);
  const priced = ruleCost(parsed.ast);
  if ('refused' in priced) {
    const { name, start, end } = priced.refused;
    const message = `${name} is not for rules, because its cost has no bound.`;
    return { problem: { code: 'function_refused', message, start, end } };
  }
  if (priced.cost > MAX_RULE_COST) {
    const message = `This may take ${priced.cost} steps, and a rule at most ${MAX_RULE_COST}.`;
    return { problem: { code: 'cost_limit', message, ...whole } };
  }
  return { problem: null, cost: priced.cost, parsed };
}

/** What is wrong with an expression, where, and what it costs in its worst case. Total: nothing that is typed makes it throw. */
export function checkRule(expression: string): RuleCheck {
  const checked = readExpression(expression);
  return {
    problem: checked.problem,
    cost: checked.problem === null ? checked.cost : null,
    mostCost: MAX_RULE_COST,
  };
}

/** `checkExpression`, whatever the parser makes of the text. */
function readExpression(expression: string): Checked {
  try {
    return checkExpression(expression);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'This cannot be read.';
    return { problem: { code: 'unreadable', message, start: 0, end: expression.length } };
  }
}

/** Prepares a rule. One that does not pass the check, as only a policy that was not checked holds, fails each time. */
export function compileRule(expression: string): CompiledRule {
  const checked = readExpression(expression);
  if (checked.problem !== null) return () => 'failed';
  const { parsed } = checked;
  return (facts) => {
    try {
      const value: unknown = parsed(facts);
      return typeof value === 'boolean' ? value : 'failed';
    } catch {
      return 'failed';
    }
  };
}
