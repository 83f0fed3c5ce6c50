import {
  type AppraisalChange,
  type AppraisalMatch,
  MAX_RULES,
  RESPONSES,
  type Response,
  THREATS,
  type ThreatId,
} from '@/lib/contracts';
import { type VectorEntry, vectorEntries } from './trust-vector';

/** A match as it will be reported, made once and shared by every appraisal. */
export interface Finding {
  readonly match: AppraisalMatch;
  /** Position in the catalogue, one per threat; rules come after it, one each. */
  readonly index: number;
  /** Place among all findings: worst response first, then by `index`. */
  readonly order: number;
  /** The edits that make it one step milder; `null` where no policy can. */
  readonly changes: readonly AppraisalChange[] | null;
  readonly entries: readonly VectorEntry[];
  readonly annotation: string | undefined;
}

const INDEX: ReadonlyMap<ThreatId, number> = new Map(THREATS.map(({ id }, index) => [id, index]));
/** Rules that hold, and rules that failed. */
const WIDTH = THREATS.length + 1 + 2 * MAX_RULES;

/** Index of a rule's finding, after all threats. */
export function ruleIndex(position: number, hasFailed: boolean): number {
  return THREATS.length + 1 + position + (hasFailed ? MAX_RULES : 0);
}

/** The response that is one step milder, if there is one. */
export function milderThan(response: Response): Response | undefined {
  return RESPONSES[RESPONSES.indexOf(response) - 1];
}

/** Makes a finding; `edits` name the rules whose response would have to be milder, `null` where no edit helps. */
export function makeFinding(
  match: AppraisalMatch,
  edits: readonly string[] | null,
  more: { annotation: string | undefined; index?: number },
): Finding {
  const { threat, response } = match;
  const index = more.index ?? INDEX.get(threat) ?? THREATS.length;
  const to = milderThan(response);
  return {
    match: Object.freeze({ ...match }),
    index,
    order: (RESPONSES.length - RESPONSES.indexOf(response)) * WIDTH + index,
    changes:
      edits === null || to === undefined
        ? null
        : Object.freeze(edits.map((rule) => Object.freeze({ rule, threat, from: response, to }))),
    entries: vectorEntries(threat, response),
    annotation: more.annotation,
  };
}
