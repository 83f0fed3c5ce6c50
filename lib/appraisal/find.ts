import type { ThreatId } from '@/lib/contracts';
import type { CompiledPolicy } from './compile-policy';
import type { Finding } from './finding';
import type { AppraisalInput } from './input';
import { threatOfEvidenceCode } from './threat-of-evidence-code';
import type { Answer } from './threat-response';

/** All that matched, worst first. A threat with several causes is told by the best proven one, so that comes first. */
export function findingsOf(compiled: CompiledPolicy, input: AppraisalInput): Finding[] {
  const found: Finding[] = [];
  if (compiled.refusal !== null) insert(found, compiled.refusal);
  if (input.failure !== null) insert(found, compiled.failed.get(input.failure) ?? compiled.unproven);
  if (input.appVersion.belowMinimum === true) insert(found, compiled.belowMinimum);
  const { required, rules } = compiled;
  const threats: ThreatId[] | null = rules.length === 0 ? null : threatsOf(input);
  for (const { threat, missed, answer } of required) {
    if (!missed(input)) continue;
    insertAnswer(found, answer(input));
    if (threats !== null) add(threats, threat);
  }
  insertAll(found, compiled, compiled.detected, input, input.serverThreats);
  insertAll(found, compiled, compiled.reported, input, input.runtimeThreats);
  // Missing evidence is never permission; a refusal that no policy can lift has said so with a better reason.
  if (input.claims === null && !found.some(isFixedRefusal)) insert(found, compiled.unproven);
  if (threats !== null) insertRules(found, rules, input, threats.length > 1 ? threats.sort() : threats);
  return found;
}

function isFixedRefusal({ match, changes }: Finding): boolean {
  return changes === null && match.response === 'reject';
}

function insertRules(
  found: Finding[],
  rules: CompiledPolicy['rules'],
  input: AppraisalInput,
  threats: readonly ThreatId[],
): void {
  for (const { evaluate, holds, failed } of rules) {
    const outcome = evaluate(input, threats);
    if (typeof outcome === 'string') insert(found, failed(outcome));
    else if (outcome) insertAnswer(found, holds);
  }
}

/** Rules see every threat that was found, also those that the policy ignores, and each of them once. */
function threatsOf({ serverThreats, runtimeThreats, failure }: AppraisalInput): ThreatId[] {
  const threats: ThreatId[] = [];
  for (const threat of serverThreats) add(threats, threat);
  for (const threat of runtimeThreats) add(threats, threat);
  if (failure !== null) add(threats, threatOfEvidenceCode(failure));
  return threats;
}

function add(threats: ThreatId[], threat: ThreatId): void {
  if (!threats.includes(threat)) threats.push(threat);
}

function insertAll(
  found: Finding[],
  compiled: CompiledPolicy,
  table: ReadonlyMap<ThreatId, Answer>,
  input: AppraisalInput,
  threats: readonly ThreatId[],
): void {
  for (const threat of threats) {
    const answer = table.get(threat);
    if (answer === undefined) insert(found, compiled.unknown);
    else insertAnswer(found, answer(input));
  }
}

function insertAnswer(found: Finding[], finding: Finding | null): void {
  if (finding !== null) insert(found, finding);
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
