import {
  type Appraisal,
  type AppraisalChange,
  type Policy,
  VERDICT_OF_RESPONSE,
  type Verdict,
} from '@/lib/contracts';
import type { CompiledPolicy } from './compile-policy';
import { findingsOf } from './find';
import type { Finding } from './finding';
import type { AppraisalInput } from './input';
import { affirmedVector } from './trust-vector';

/**
 * Judges one attestation: the worst response of all that matched decides. Deterministic and total; without verified
 * claims, or with a failed verification, the verdict is `rejected` under every policy. The matches are shared and
 * frozen.
 */
export function appraise(compiled: CompiledPolicy, input: AppraisalInput): Appraisal {
  const found = findingsOf(compiled, input);
  const worst = found[0];
  const verdict = worst === undefined ? 'trusted' : VERDICT_OF_RESPONSE[worst.match.response];
  const deciding = verdict === 'trusted' ? undefined : worst;
  const vector = affirmedVector(input.claims, input.appVersion.registered && !input.appVersion.withdrawn);
  const annotations = [...outcomeAnnotations(compiled.policy, verdict)];
  for (const { entries, annotation } of found) {
    for (const { member, value } of entries) if (value > vector[member]) vector[member] = value;
    if (annotation !== undefined && !annotations.includes(annotation)) annotations.push(annotation);
  }
  return {
    verdict,
    decidingRule: deciding?.match.rule ?? null,
    decidingThreat: deciding?.match.threat ?? null,
    matched: found.map(({ match }) => match),
    vector,
    smallestFlip: verdict === 'trusted' ? null : smallestFlip(found, verdict),
    annotations,
  };
}

/** What decides, without all that explains it: for judging in numbers. The same as `appraise` says, always. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The worst match, whether it decides anything or not. */
  readonly worst: Finding | undefined;
}

export function judge(compiled: CompiledPolicy, input: AppraisalInput): Judgement {
  const worst = findingsOf(compiled, input)[0];
  return { verdict: worst === undefined ? 'trusted' : VERDICT_OF_RESPONSE[worst.match.response], worst };
}

const NONE: readonly string[] = [];

function outcomeAnnotations(policy: Policy | null, verdict: Verdict): readonly string[] {
  if (verdict === 'rejected' || !policy?.outcomes) return NONE;
  return policy.outcomes[verdict]?.annotations ?? NONE;
}

/** One step milder for every finding that leads to the verdict, or `null` where one of them cannot be. */
function smallestFlip(found: readonly Finding[], verdict: Verdict): Appraisal['smallestFlip'] {
  const all: AppraisalChange[] = [];
  for (const { match, changes } of found) {
    if (VERDICT_OF_RESPONSE[match.response] !== verdict) break;
    if (changes === null) return null;
    all.push(...changes);
  }
  const first = all[0];
  return first === undefined ? null : { changes: all, verdict: VERDICT_OF_RESPONSE[first.to] };
}
