import type { Appraisal } from '@/lib/contracts';
import type { Logger } from '@/lib/core';
import type { FailedRule } from '@/lib/telemetry';

const LOG_EVERY_MS = 60_000;
/** Rules of which it is remembered when they were logged; there are few, and forgetting them logs once more. */
const MOST_REMEMBERED = 1_000;

const RULE = 'rule.';
const NONE: readonly FailedRule[] = [];

/** The rules of the owner's own that could not be evaluated; nothing is made where there are none. */
export function failedRulesOf({ matched }: Appraisal): readonly FailedRule[] {
  let failed: FailedRule[] | undefined;
  for (const { threat, rule, cause = 'other' } of matched) {
    if (threat !== 'policy_rule_failed') continue;
    failed ??= [];
    failed.push({ id: rule.slice(RULE.length), cause });
  }
  return failed ?? NONE;
}

/** Counts rules that could not be evaluated, and raises an error in the log for each, at most once a minute. */
export class RuleFailures {
  readonly #logger: Logger;
  readonly #count: (appId: string, rule: string) => void;
  readonly #loggedAt = new Map<string, number>();

  constructor(logger: Logger, count: (appId: string, rule: string) => void) {
    this.#logger = logger;
    this.#count = count;
  }

  /** Looks through what was committed. */
  observe(appId: string, policyVersion: number, appraisal: Appraisal, nowMs: number): void {
    for (const { id, cause } of failedRulesOf(appraisal)) {
      const rule = `${RULE}${id}`;
      this.#count(appId, rule);
      const key = `${appId} ${rule}`;
      if (nowMs - (this.#loggedAt.get(key) ?? Number.NEGATIVE_INFINITY) < LOG_EVERY_MS) continue;
      if (this.#loggedAt.size >= MOST_REMEMBERED) this.#loggedAt.clear();
      this.#loggedAt.set(key, nowMs);
      this.#logger.error({ appId, policyVersion, rule, cause }, 'a rule of a policy could not be evaluated');
    }
  }
}
