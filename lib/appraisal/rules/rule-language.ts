import { TypeError as CelTypeError, Environment, ParseError, type ParseResult } from '@marcbachmann/cel-js';
import { RULE_FUNCTIONS, type RuleProblem } from '@/lib/contracts';
import { isAtLeast } from './is-at-least';
import { ruleCost } from './rule-cost';

/** An expression as rules are written, or what is wrong with it. */
export type ReadExpression =
  | { readonly problem: RuleProblem }
  | { readonly problem: null; readonly type: string; readonly cost: number; readonly parsed: ParseResult };

/** What expressions are read in, with the variables that they may name and the type of each. */
export type RuleLanguage = (expression: string) => ReadExpression;

/**
 * The part of CEL that rules are written in: bools, ints, strings and lists of one of these, and functions whose cost has a
 * bound. Everything else is refused when it is read, so that what is accepted means what the specification says it means.
 */
export function ruleLanguage(variables: readonly { name: string; type: string }[]): RuleLanguage {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    limits: { maxAstNodes: 300, maxDepth: 24, maxListElements: 100, maxMapEntries: 0, maxCallArguments: 4 },
  });
  const members: Record<string, Record<string, string>> = {};
  for (const { name, type } of variables) {
    const [base = '', member] = name.split('.');
    if (member === undefined) environment.registerVariable(name, type);
    else members[base] = { ...members[base], [member]: type };
  }
  for (const [name, schema] of Object.entries(members)) environment.registerVariable(name, { schema });
  for (const { signature } of RULE_FUNCTIONS) environment.registerFunction(signature, isAtLeast);
  return (expression) => {
    try {
      return readIn(environment, expression);
    } catch (error) {
      return { problem: problemOf(error, expression) };
    }
  };
}

function readIn(environment: Environment, expression: string): ReadExpression {
  const { error, type = 'nothing' } = environment.check(expression);
  if (error !== undefined) return { problem: problemOf(error, expression) };
  const parsed = environment.parse(expression);
  const priced = ruleCost(parsed.ast);
  if ('refused' in priced) return { problem: priced.refused };
  return { problem: null, type, cost: priced.cost, parsed };
}

/** Of an error of the implementation: most say what and where, but not those that it did not foresee. */
function problemOf(error: unknown, expression: string): RuleProblem {
  const whole = { start: 0, end: expression.length };
  if (error instanceof ParseError || error instanceof CelTypeError)
    return { code: error.code, message: error.summary, ...whole, ...error.range };
  const message = error instanceof Error ? error.message : 'This cannot be read.';
  return { code: 'unreadable', message, ...whole };
}
