import {
  type Appraisal,
  type AppraisalChange,
  type ThreatId,
  VERDICT_OF_RESPONSE,
  type Verdict,
} from '@/lib/contracts';
import type { CompiledPolicy, Finding } from './compile-policy';
import type { AppraisalInput } from './requirements';
import { affirmedVector } from './trust-vector';

/**
 * Judges one attestation: the worst response of all that matched decides. Deterministic and total; without verified
 * claims, or with a failed verification, the verdict is `rejected` under every policy. The matches are shared and
 * frozen.
 */
export function appraise(compiled: CompiledPolicy, input: AppraisalInput): Appraisal {
  const found = findings(compiled, input);
  const worst = found[0];
  const verdict = worst === undefined ? 'trusted' : VERDICT_OF_RESPONSE[worst.match.response];
  const deciding = verdict === 'trusted' ? undefined : worst;
  const vector = affirmedVector(input.claims, input.appVersion.registered && !input.appVersion.withdrawn);
  const annotations: string[] = [];
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

/** All that matched, worst first. A threat with several causes is told by the best proven one, so that comes first. */
function findings(compiled: CompiledPolicy, input: AppraisalInput): Finding[] {
  const found: Finding[] = [];
  if (input.failure !== null) insert(found, compiled.failed.get(input.failure) ?? compiled.unproven);
  for (const { rule, finding } of compiled.required) {
    if (rule.missed(input, compiled.requirements)) insert(found, finding);
  }
  insertAll(found, compiled, compiled.detected, input.serverThreats);
  insertAll(found, compiled, compiled.reported, input.runtimeThreats);
  // Missing evidence is never permission; a refusal that no policy can lift has said so with a better reason.
  if (input.claims === null && !found.some(({ change }) => change === null)) insert(found, compiled.unproven);
  return found;
}

function insertAll(
  found: Finding[],
  compiled: CompiledPolicy,
  table: ReadonlyMap<ThreatId, Finding | null>,
  threats: readonly ThreatId[],
): void {
  for (const threat of threats) {
    const finding = table.get(threat);
    if (finding === undefined) insert(found, compiled.unknown);
    else if (finding !== null) insert(found, finding);
  }
}

/** Keeps the list in order, with the first finding of each threat only: later ones are never worse. */
function insert(found: Finding[], finding: Finding): void {
  let place = found.length;
  for (let i = 0; i < found.length; i++) {
    const other = found[i];
    if (other === undefined || other.index === finding.index) return;
    if (place === found.length && other.order > finding.order) place = i;
  }
  found.splice(place, 0, finding);
}

/** One step milder for every finding that leads to the verdict, or `null` where one of them cannot be. */
function smallestFlip(found: readonly Finding[], verdict: Verdict): Appraisal['smallestFlip'] {
  const changes: AppraisalChange[] = [];
  for (const { match, change } of found) {
    if (VERDICT_OF_RESPONSE[match.response] !== verdict) break;
    if (change === null) return null;
    changes.push(change);
  }
  const first = changes[0];
  return first === undefined ? null : { changes, verdict: VERDICT_OF_RESPONSE[first.to] };
}
