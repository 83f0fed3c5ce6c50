import type { PolicyException } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { ruleFaultWords } from '@/lib/words';
import {
  type RuleFailureRow,
  selectRuleFailures,
  selectVersionRules,
  type VersionRules,
} from './rule-failure-store';

const DAY_MS = 86_400_000;

/** A rule that could not be evaluated. */
export type RuleFailed = Extract<PolicyException, { kind: 'rule_failed' }>;

/** Rules of these apps (`null`: of all) that could not be evaluated in the last 24 hours as they are written now, most often first. */
export async function readRuleFailures(
  db: Executor,
  ids: readonly string[] | null,
  nowMs: number,
): Promise<RuleFailed[]> {
  const failures = await selectRuleFailures(db, ids, new Date(nowMs - DAY_MS));
  if (failures.length === 0) return [];
  const failing = [...new Set(failures.map(({ appId }) => appId))];
  const versions = [...new Set(failures.map(({ version }) => version))];
  return standingFailures(failures, await selectVersionRules(db, failing, versions));
}

/**
 * Failures of rules that devices are judged by now, with the expression that failed: a rule that was mended or taken away is
 * told no more, however often it failed before; a version that says something else does not hide one.
 */
export function standingFailures(
  failures: readonly RuleFailureRow[],
  versions: readonly VersionRules[],
): RuleFailed[] {
  const told = new Map<string, RuleFailed>();
  for (const failure of failures) {
    const ofApp = versions.filter(({ appId }) => appId === failure.appId);
    const written = expressionIn(
      ofApp.find(({ version }) => version === failure.version),
      failure.rule,
    );
    const standing = ofApp.find(
      (one) => one.isJudgedBy && written !== undefined && expressionIn(one, failure.rule) === written,
    );
    const rule = standing?.rules.find(({ id }) => id === failure.rule);
    if (standing === undefined || rule === undefined) continue;
    const key = `${failure.appId} ${failure.rule}`;
    const known = told.get(key);
    told.set(key, added(known ?? emptyOf(standing, rule), failure));
  }
  return [...told.values()]
    .map((one) => ({ ...one, causes: one.causes.toSorted((a, b) => b.attestations - a.attestations) }))
    .sort((a, b) => b.attestations - a.attestations);
}

function expressionIn(version: VersionRules | undefined, rule: string): string | undefined {
  return version?.rules.find(({ id }) => id === rule)?.expression;
}

function emptyOf({ appId, appName }: VersionRules, { id, title }: { id: string; title: string }): RuleFailed {
  return {
    ...{ kind: 'rule_failed', appId, appName, rule: id, title },
    ...{ attestations: 0, causes: [] },
  };
}

function added(sum: RuleFailed, { cause, attestations }: RuleFailureRow): RuleFailed {
  const others = sum.causes.filter((one) => one.cause !== cause);
  const before = sum.causes.find((one) => one.cause === cause)?.attestations ?? 0;
  return {
    ...sum,
    attestations: sum.attestations + attestations,
    causes: [...others, { cause, words: ruleFaultWords(cause), attestations: before + attestations }],
  };
}
