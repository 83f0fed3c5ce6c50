import type { ASTNode } from '@marcbachmann/cel-js';
import { type RuleProblem, THREATS } from '@/lib/contracts';

/** Longest list that a variable can hold. */
const LONGEST_LIST = THREATS.length;

/**
 * Functions whose cost and result are bounded by their operands, and which do what the specification says: `lowerAscii`,
 * `upperAscii` and `trim` of this implementation go beyond ASCII. What is not listed is refused: `matches`, `split`, `bind`…
 */
export const RULE_CALLS: ReadonlySet<string> = new Set([
  'size',
  'startsWith',
  'endsWith',
  'contains',
  'indexOf',
  'substring',
  'int',
  'string',
  'bool',
  'has',
  'version_at_least',
]);
/** What a literal of a type of some variable is in JavaScript: a double, a uint, bytes and null are something else. */
const LITERALS: ReadonlySet<string> = new Set(['string', 'bigint', 'boolean']);
/** Macros that evaluate their body once for each element. */
export const RULE_LOOPS: ReadonlySet<string> = new Set(['exists', 'exists_one', 'all', 'filter']);

/** Worst-case cost of an expression, or the first thing in it that is not for rules. */
export function ruleCost(root: ASTNode): { cost: number } | { refused: RuleProblem } {
  let refused: RuleProblem | undefined;
  const refuse = ({ range }: ASTNode, code: string, message: string) => {
    refused ??= { code, message, start: range.start, end: range.end };
    return 0;
  };
  const refuseCall = (node: ASTNode, name: string) =>
    refuse(node, 'function_refused', `${name} is not among the functions that rules may call.`);
  const costOf = (node: ASTNode): number => {
    switch (node.op) {
      case 'value':
        return !LITERALS.has(typeof node.args)
          ? refuse(
              node,
              'literal_refused',
              'Rules know texts, whole numbers, true and false, and lists of one of these.',
            )
          : 1;
      case 'id':
        return 1;
      case '.':
        return 1 + costOf(node.args[0]);
      case 'call': {
        const [name, operands] = node.args;
        return RULE_CALLS.has(name) ? 1 + sum(operands) : refuseCall(node, name);
      }
      case 'rcall': {
        const [name, target, operands] = node.args;
        if (RULE_LOOPS.has(name)) return costOf(target) + (longest(target) + 1) * (1 + sum(operands));
        return RULE_CALLS.has(name) ? 1 + costOf(target) + sum(operands) : refuseCall(node, name);
      }
      case 'list':
        return 1 + sum(node.args);
      case 'map':
        return 1 + sum(node.args.flat());
      case '?:':
        return 1 + sum(node.args);
      case '!_':
      case '-_':
        return 1 + costOf(node.args);
      case 'in':
      case '==':
      case '!=':
      case '+':
        return 1 + sum(node.args) + longest(node.args[1]);
      case '.?':
      case '[?]':
        return refuseCall(node, node.op);
      default:
        return 1 + sum(node.args);
    }
  };
  const sum = (nodes: readonly ASTNode[]): number => nodes.reduce((total, node) => total + costOf(node), 0);
  const cost = costOf(root);
  return refused === undefined ? { cost } : { refused };
}

/** Most elements that a node's list can have; of what is no list, one. */
function longest(node: ASTNode): number {
  switch (node.op) {
    case 'value':
    case 'call':
      return 1;
    case 'list':
      return node.args.length;
    case '+':
      return longest(node.args[0]) + longest(node.args[1]);
    case '?:':
      return Math.max(longest(node.args[1]), longest(node.args[2]));
    case 'rcall':
      return longest(node.args[1]);
    default:
      return LONGEST_LIST;
  }
}
