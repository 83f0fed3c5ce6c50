import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_RULE_COST, RULE_VARIABLES, ruleProblemSchema, THREATS, type ThreatId } from '@/lib/contracts';
import { appraise, checkRule, compilePolicy } from '../index';
import type { AppraisalInput } from '../input';
import { ANDROID, inputArbitrary, inputOf, policyOf, RULES } from '../testing';
import { compileRule } from './compile-rule';
import { RULE_FACTS } from './rule-facts';

const problemOf = (expression: string) => checkRule(expression).problem;

describe('the check of a rule', () => {
  it.each(RULE_VARIABLES.map(({ name, type }) => [name, type]))('knows %s as %s', (name, type) => {
    const proof = {
      string: `${name} == "x"`,
      bool: name,
      int: `${name} > 1`,
      'list<string>': `"x" in ${name}`,
    }[type as 'string'];
    expect(checkRule(proof)).toMatchObject({ problem: null });
  });

  it.each([
    ['platform ==', 'unexpected_token', 11, 11],
    ['plattform == "ios"', 'unknown_variable', 0, 9],
    ['true && claims.patch == 1', 'no_such_key', 15, 20],
    ['claims.patch_age_days > "30"', 'no_such_overload', 0, 28],
    ['platform', 'not_bool', 0, 8],
    ['model.matches("(a+)+$")', 'function_refused', 0, 23],
    ['cel.bind(x, model + model, x == model)', 'function_refused', 0, 38],
    ['threats.map(t, t + t).size() > 1', 'function_refused', 0, 21],
    ['model.lowerAscii() == "x"', 'function_refused', 0, 18],
    ['size(threats) > 1 || 1.5 > 2.5', 'literal_refused', 21, 24],
    ['model != null', 'no_such_overload', 0, 13],
  ])('refuses %s with %s, and says where', (expression, code, start, end) => {
    expect(problemOf(expression)).toMatchObject({ code, start, end });
  });

  it('refuses what may take too long, before it ever runs', () => {
    const loop = (body: string) => `threats.exists(a, threats.exists(b, ${body}))`;
    expect(problemOf(loop('a == b'))).toMatchObject({ code: 'cost_limit' });
    const { cost } = checkRule('threats.exists(t, t == "hooks")');
    expect(cost).toBeGreaterThan(47);
    expect(cost).toBeLessThan(MAX_RULE_COST);
  });

  it.each(['', '(((((', `${'('.repeat(900)}`, '\u0000', '"', 'a.b.c.d', '-'.repeat(500), '[].all(e, e > 0)'])(
    'is total: %j is a problem that can be told, and no exception',
    (expression) => {
      expect(ruleProblemSchema.safeParse(problemOf(expression))).toMatchObject({ success: true });
    },
  );
});

it('every variable of rules is read', () => {
  expect(Object.keys(RULE_FACTS)).toEqual(RULE_VARIABLES.map(({ name }) => name));
});

describe('what a rule came to', () => {
  const fromScratch = (expression: string, input: AppraisalInput, threats: readonly ThreatId[]) =>
    compileRule(expression)(input, threats);

  it('is the same however much was judged before', () => {
    const judged = fc.array(fc.tuple(inputArbitrary, fc.subarray([...THREATS.map(({ id }) => id)])), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.constantFrom(...RULES), judged, (expression, all) => {
        const rule = compileRule(expression);
        for (const [input, threats] of [...all, ...all])
          expect(rule(input, [...threats].sort())).toBe(fromScratch(expression, input, [...threats].sort()));
      }),
      { numRuns: 40 },
    );
  });

  it('is the same when there were more models than are remembered', () => {
    const rule = compileRule('model.endsWith("7")');
    const input = inputOf();
    const numbers = Array.from({ length: 10_000 }, (_, index) => index);
    const held = numbers.filter((i) =>
      rule({ ...input, client: { ...input.client, model: `phone ${i}` } }, []),
    );
    expect(held).toEqual(numbers.filter((i) => i % 10 === 7));
  });

  it('can hang on claims that are named in any way', () => {
    const input = inputOf({ claims: ANDROID });
    for (const expression of [
      'claims["boot_state"] == "verified"',
      'claims . boot_state == "verified"',
      '[claims].exists(c, c.boot_state == "verified")',
    ])
      expect(compileRule(expression)(input, [])).toBe(true);
  });
});

describe('a rule', () => {
  const judged = (expression: string, changes: Parameters<typeof inputOf>[0] = {}) => {
    const rule = { id: 'mine', title: 'Mine', expression, response: 'restrict' as const };
    return appraise(compilePolicy({ ...policyOf({}), rules: [rule] }), inputOf(changes));
  };

  it('answers with its response where it holds, and is named as what decides', () => {
    expect(judged('"hooks" in threats', { runtimeThreats: ['hooks'] })).toMatchObject({
      verdict: 'restricted',
      decidingRule: 'rule.mine',
      decidingThreat: 'policy_rule',
      smallestFlip: { changes: [{ rule: 'rule.mine', from: 'restrict', to: 'flag' }], verdict: 'flagged' },
    });
    expect(judged('"hooks" in threats').matched).toEqual([]);
  });

  it('sees threats that the policy ignores', () => {
    const rule = { id: 'r', title: 'R', expression: '"hooks" in threats', response: 'reject' as const };
    const policy = { ...policyOf({ hooks: 'ignore' }), rules: [rule] };
    const { verdict } = appraise(compilePolicy(policy), inputOf({ runtimeThreats: ['hooks'] }));
    expect(verdict).toBe('rejected');
  });

  it.each([
    ['a claim that the evidence does not make', 'claims.boot_state == "verified"', 'claims.boot_state'],
    ['a division by zero', '1 / size(threats) == 1', 'arithmetic'],
    ['a remainder of zero', '1 % size(threats) == 1', 'arithmetic'],
    ['a sum that is too large', '9223372036854775807 + size(model) > 0', 'arithmetic'],
    ['an item that is not there', 'threats[3] == "hooks"', 'out_of_range'],
    ['a part that is not there', 'model.substring(90, 91) == "x"', 'out_of_range'],
    ['a text that is no number', 'int(model) > 3', 'not_convertible'],
    ['a text that is no bool', 'bool(model)', 'not_convertible'],
    ['a version that is none', 'version_at_least(model, "5")', 'not_a_version'],
    ['an expression that was never checked', 'nonsense (', 'not_checked'],
  ])('that fails by %s flags, says why, and neither throws nor passes', (_why, expression, cause) => {
    const appraisal = judged(expression, { claims: { ...ANDROID, boot: null } });
    expect(appraisal).toMatchObject({
      verdict: 'flagged',
      decidingRule: 'rule.mine',
      decidingThreat: 'policy_rule_failed',
      smallestFlip: null,
    });
    expect(appraisal.matched).toEqual([expect.objectContaining({ threat: 'policy_rule_failed', cause })]);
  });

  it.each(RULE_VARIABLES.filter(({ isOptional }) => isOptional))(
    'that reads $name where evidence says nothing of it fails for that',
    ({ name, type }) => {
      const expression = {
        string: `${name} == ""`,
        bool: name,
        int: `${name} > 0`,
        'list<string>': `"" in ${name}`,
      }[type];
      const { matched } = judged(expression, { claims: null });
      expect(matched).toContainEqual(expect.objectContaining({ threat: 'policy_rule_failed', cause: name }));
    },
  );

  it('asks with has() for what may be absent', () => {
    const expression = 'has(claims.boot_state) && claims.boot_state != "verified"';
    expect(judged(expression, { claims: { ...ANDROID, boot: null } }).matched).toEqual([]);
  });
});
