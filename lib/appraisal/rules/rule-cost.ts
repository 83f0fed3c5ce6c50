import type { ASTNode } from '@marcbachmann/cel-js';
import { THREATS } from '@/lib/contracts';

/** Longest list that a variable can hold. */
const LONGEST_LIST = THREATS.length;

/** Functions whose cost and result are bounded by their operands. What is not listed is refused: `matches`, `split`, `bind`… */
const FUNCTIONS: ReadonlySet<string> = new Set([
  'size',
  'startsWith',
  'endsWith',
  'contains',
  'indexOf',
  'substring',
  'lowerAscii',
  'upperAscii',
  'trim',
  'int',
  'double',
  'string',
  'bool',
  'has',
  'version_at_least',
]);
/** Macros that evaluate their body once for each element. */
const LOOPS: ReadonlySet<string> = new Set(['exists', 'exists_one', 'all', 'filter']);

/** A call that rules may not make. */
export interface RefusedCall {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Worst-case cost of an expression, or the first call in it that has none. */
export function ruleCost(root: ASTNode): { cost: number } | { refused: RefusedCall } {
  let refused: RefusedCall | undefined;
  const refuse = (node: ASTNode, name: string) => {
    refused ??= { name, start: node.range.start, end: node.range.end };
    return 0;
  };
  const costOf = (node: ASTNode): number => {
    switch (node.op) {
      case 'value':
      case 'id':
        return 1;
      case '.':
        return 1 + costOf(node.args[0]);
      case 'call': {
        const [name, operands] = node.args;
        return FUNCTIONS.has(name) ? 1 + sum(operands) : refuse(node, name);
      }
      case 'rcall': {
        const [name, target, operands] = node.args;
        if (LOOPS.has(name)) return costOf(target) + (longest(target) + 1) * (1 + sum(operands));
        return FUNCTIONS.has(name) ? 1 + costOf(target) + sum(operands) : refuse(node, name);
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
        return refuse(node, node.op);
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
