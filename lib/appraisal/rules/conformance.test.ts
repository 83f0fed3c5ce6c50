import { describe, expect, it } from 'vitest';
import { ruleLanguage } from './rule-language';
import { type CelVector, readVectors } from './testing/cel-vectors';

/** What rules may not say although it is within what they know: refused when a policy is saved, and so never judged by. */
const NARROWER: ReadonlyMap<string, string> = new Map([
  ['comparisons/eq_literal/not_eq_list_false_vs_types', 'heterogeneous_list_element'],
  ['comparisons/in_list_literal/elem_in_mixed_type_list', 'heterogeneous_list_element'],
  ['macros/exists/list_elem_type_shortcircuit', 'heterogeneous_list_element'],
  ['macros/exists/list_elem_type_exhaustive', 'heterogeneous_list_element'],
  ['macros/all/list_elem_type_shortcircuit', 'heterogeneous_list_element'],
  // What is in an empty literal list has no type that this check could find.
  ['macros/all/list_empty', 'unreadable'],
  // Three names with dots between them; rules have two.
  ['fields/qualified_identifier_resolution/qualified_ident', 'cannot_index_type'],
  ['parse/nest/list_index', 'limit_exceeded'],
  ['parse/nest/parens', 'limit_exceeded'],
  ['parse/repeat/conditional', 'limit_exceeded'],
]);

/**
 * Where the specification has an error, and this gives the number that arithmetic gives. Only the least of all 64-bit numbers
 * does so, and no variable comes near it.
 */
const DEVIATIONS: ReadonlyMap<string, unknown> = new Map([
  ['integer_math/int64_math/int64_min_negate', 2n ** 63n],
  ['integer_math/int64_math/int64_min_negate_div', 2n ** 63n],
]);

/** More of them than this must stay within the language of rules, so that the test cannot come to test nothing. */
const LEAST = 390;

const { vectors, outside } = readVectors();

function outcome({ expression, variables, bindings }: CelVector) {
  const read = ruleLanguage(variables)(expression);
  if (read.problem !== null) return { refused: read.problem.code };
  try {
    return { value: read.parsed({ ...bindings }) as unknown };
  } catch {
    return 'error';
  }
}

describe('the conformance tests of CEL', () => {
  it('are read, and those that rules cannot say are told with what they need', () => {
    const left = Array.from(outside, ([feature, count]) => `${count} of ${feature}`);
    process.stdout.write(`CEL: ${vectors.length} vectors apply; left out are ${left.join(', ')}.\n`);
    expect(vectors.length).toBeGreaterThan(LEAST);
    const known = new Set(vectors.map(({ id }) => id));
    for (const id of [...NARROWER.keys(), ...DEVIATIONS.keys()]) expect(known).toContain(id);
  });

  it.each(vectors)('$id: $expression', (vector) => {
    const { id, expected } = vector;
    const narrower = NARROWER.get(id);
    const got = outcome(vector);
    if (narrower !== undefined) expect(got).toEqual({ refused: narrower });
    else if (DEVIATIONS.has(id)) expect(got).toEqual({ value: DEVIATIONS.get(id) });
    // What must fail may do so when it is saved already.
    else if (expected === 'error' && typeof got === 'object') expect(got).toHaveProperty('refused');
    else expect(got).toEqual(expected);
  });
});
