import {
  type Policy,
  type QuarantineSnapshot,
  RESPONSES,
  type Response,
  type ThreatId,
} from '@/lib/contracts';
import { compileCondition, type Holds } from './conditions';
import { type Finding, makeFinding } from './finding';
import type { AppraisalInput } from './input';

/** Why a threat is raised: the same threat may be reported, found, or follow from a requirement. */
export interface Cause {
  readonly rule: string;
  readonly threat: ThreatId;
  readonly reason: string;
}

/** What a policy answers to a threat that is raised for one cause; `null` where it ignores it. */
export type Answer = (input: AppraisalInput) => Finding | null;

interface Exception {
  readonly id: string;
  readonly holds: Holds;
}
interface ConditionalException extends Exception {
  readonly response: Response;
}
interface Quarantine extends Exception {
  readonly fromMs: number;
  readonly toMs: number;
}

const OBSERVE = RESPONSES.indexOf('observe');
const rankOf = (response: Response) => RESPONSES.indexOf(response);

/** What a policy and the quarantines say of each threat, and the answers made of it. */
export class ThreatResponses {
  readonly #policy: Policy;
  readonly #conditions = new Map<ThreatId, ConditionalException[]>();
  readonly #quarantines = new Map<ThreatId, Quarantine[]>();

  constructor(policy: Policy, quarantines: readonly QuarantineSnapshot[]) {
    this.#policy = policy;
    for (const { id, threat, when, response } of policy.conditions ?? []) {
      add(this.#conditions, threat, { id, response, holds: compileCondition(when) });
    }
    for (const { id, threat, when, fromMs, toMs } of quarantines) {
      add(this.#quarantines, threat, { id, fromMs, toMs, holds: compileCondition(when) });
    }
  }

  /** The answer to a threat raised for this cause. */
  answer(cause: Cause): Answer {
    const annotation = this.#policy.annotations?.[cause.threat];
    const base = this.#policy.threats[cause.threat] ?? 'observe';
    const plain = findingOf({ ...cause, response: base }, [cause.rule], annotation);
    const conditions = this.#conditions.get(cause.threat) ?? [];
    const quarantines = this.#quarantines.get(cause.threat) ?? [];
    if (conditions.length === 0 && quarantines.length === 0) return () => plain;
    const made = new Map<string, Finding | null>();
    return (input) => {
      const { ids, response } = worstOf(conditions, input);
      const settled = response ?? base;
      const quarantine = rankOf(settled) > OBSERVE ? activeOf(quarantines, input) : undefined;
      if (ids === '' && quarantine === undefined) return plain;
      const key = `${quarantine?.id ?? ''} ${ids}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      const finding =
        quarantine === undefined
          ? conditional(cause, ids.split(' '), settled, annotation)
          : demoted(cause, quarantine.id, annotation);
      if (made.size < MOST_REMEMBERED) made.set(key, finding);
      return finding;
    };
  }
}

/** Combinations of conditions that are remembered for each cause: far more than occur, and bounded. */
const MOST_REMEMBERED = 1_024;

/** The worst response of the conditions that hold, and the ids of those that have it. */
function worstOf(
  conditions: readonly ConditionalException[],
  { client }: AppraisalInput,
): { ids: string; response: Response | undefined } {
  let response: Response | undefined;
  let ids = '';
  for (const condition of conditions) {
    if (!condition.holds(client)) continue;
    const difference = response === undefined ? 1 : rankOf(condition.response) - rankOf(response);
    if (difference < 0) continue;
    ids = difference > 0 ? condition.id : `${ids} ${condition.id}`;
    response = condition.response;
  }
  return { ids, response };
}

function activeOf(quarantines: readonly Quarantine[], { client, nowMs }: AppraisalInput) {
  return quarantines.find(({ fromMs, toMs, holds }) => nowMs >= fromMs && nowMs < toMs && holds(client));
}

function conditional(
  { threat, reason }: Cause,
  ids: readonly string[],
  response: Response,
  annotation: string | undefined,
): Finding | null {
  const rules = ids.map((id) => `condition.${id}`);
  const said = {
    rule: rules[0] ?? '',
    threat,
    response,
    reason: `${reason} A condition of the policy holds.`,
  };
  return findingOf(said, rules, annotation);
}

function demoted({ threat, reason }: Cause, id: string, annotation: string | undefined): Finding | null {
  const said = {
    rule: `quarantine.${id}`,
    threat,
    response: 'observe' as const,
    reason: `${reason} The signal is in quarantine.`,
  };
  return findingOf(said, null, annotation);
}

function findingOf(
  { rule, threat, reason, response }: Cause & { response: Response },
  edits: readonly string[] | null,
  annotation: string | undefined,
): Finding | null {
  return response === 'ignore'
    ? null
    : makeFinding({ rule, threat, response, reason }, edits, { annotation });
}

function add<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
