import type { ThreatId } from '@/lib/contracts';
import type { AppraisalInput } from '../input';
import type { ReadFact, RuleFact } from './rule-facts';

/** Combinations that are remembered for each rule; when there are more, all are forgotten, and memory stays bounded. */
const MOST = 4_096;

type Judge<Answer> = (input: AppraisalInput, threats: readonly ThreatId[]) => Answer;
interface Branch<Answer> extends Map<RuleFact, Branch<Answer> | Answer> {}

/**
 * Judges by nothing but the values that `readers` give, and works an answer out once for each combination of them: a fleet has
 * few, and CEL takes longer than to look one up.
 */
export function remembered<Answer extends string | boolean>(
  readers: readonly ReadFact[],
  work: (values: readonly RuleFact[]) => Answer,
): Judge<Answer> {
  const [first = () => undefined, ...others] = readers;
  let root: Branch<Answer> = new Map();
  let count = 0;
  const learn: Judge<Answer> = (input, threats) => {
    if (++count > MOST) {
      root = new Map();
      count = 1;
    }
    const values = readers.map((read) => read(input, threats));
    const keys = values.length === 0 ? [undefined] : values.map(keyOf).map(owned);
    const answer = work(values);
    let branch = root;
    for (const key of keys.slice(0, -1)) {
      const next = (branch.get(key) as Branch<Answer> | undefined) ?? new Map();
      branch.set(key, next);
      branch = next;
    }
    branch.set(keys.at(-1), answer);
    return answer;
  };
  return (input, threats) => {
    let found = root.get(keyOf(first(input, threats)));
    for (let i = 0; i < others.length && found !== undefined; i++)
      found = (found as Branch<Answer>).get(keyOf(others[i]?.(input, threats)));
    return found === undefined ? learn(input, threats) : (found as Answer);
  };
}

/** Lists are alike where their items are: none of these holds a line break. */
function keyOf(value: RuleFact): RuleFact {
  if (typeof value !== 'object') return value;
  return value.length > 1 ? value.join('\n') : (value[0] ?? '');
}

/** A text of its own: a part of a longer one would keep that one in memory for as long as it is remembered. */
function owned(key: RuleFact): RuleFact {
  return typeof key === 'string' ? Buffer.from(key, 'utf16le').toString('utf16le') : key;
}
