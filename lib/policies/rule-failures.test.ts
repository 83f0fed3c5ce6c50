import { describe, expect, it } from 'vitest';
import type { RuleFailureRow, VersionRules } from './rule-failure-store';
import { standingFailures } from './rule-failures';

const OLD = 'claims.boot_state == "verified"';
const NEW = 'has(claims.boot_state)';
const version = (number: number, isJudgedBy: boolean, expression: string | null): VersionRules => ({
  ...{ appId: 'bank', appName: 'Retail Bank', version: number, isJudgedBy },
  rules: expression === null ? [] : [{ id: 'boot', title: `Boot ${number}`, expression }],
});
const failed = (number: number, attestations: number, cause = 'claims.boot_state'): RuleFailureRow => ({
  ...{ appId: 'bank', version: number, rule: 'boot', cause, attestations },
});
const counted = (failures: RuleFailureRow[], versions: VersionRules[]) =>
  standingFailures(failures, versions).map(({ title, attestations }) => [title, attestations]);

describe('failures of rules', () => {
  it('count for as long as the same is written, whatever version it was written in', () => {
    const versions = [version(1, false, OLD), version(2, true, OLD)];
    expect(counted([failed(1, 7), failed(2, 3)], versions)).toEqual([['Boot 2', 10]]);
  });

  it('are told no more once the rule was mended or taken away', () => {
    expect(counted([failed(1, 7)], [version(1, false, OLD), version(2, true, NEW)])).toEqual([]);
    expect(counted([failed(1, 7)], [version(1, false, OLD), version(2, true, null)])).toEqual([]);
    expect(counted([failed(1, 7)], [version(2, true, OLD)])).toEqual([]);
  });

  it('are told of a version that is only on its way into force', () => {
    const versions = [version(1, true, NEW), version(2, true, OLD)];
    expect(counted([failed(2, 4)], versions)).toEqual([['Boot 2', 4]]);
  });

  it('of another app count for that one alone', () => {
    const other = { ...version(1, true, OLD), appId: 'fleet', appName: 'Fleet' };
    expect(counted([failed(1, 2)], [other, version(2, true, NEW)])).toEqual([]);
  });

  it('come with what they failed for, most frequent first', () => {
    const [one] = standingFailures(
      [failed(1, 2, 'arithmetic'), failed(1, 5), failed(2, 1, 'arithmetic')],
      [version(1, true, OLD), version(2, true, OLD)],
    );
    expect(one?.causes).toEqual([
      {
        cause: 'claims.boot_state',
        words: 'the evidence says nothing of claims.boot_state',
        attestations: 5,
      },
      { cause: 'arithmetic', words: 'it divides by zero, or its numbers grow too large', attestations: 3 },
    ]);
  });
});
