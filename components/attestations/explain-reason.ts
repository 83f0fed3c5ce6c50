import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { Appraisal, AppraisalMatch, Check, Explanation } from '@/lib/contracts';

/** A stretch of a sentence: plain, strong, or a code in mono. */
export interface Span {
  text: string;
  as?: 'strong' | 'code';
}

/** Titles of threats by id, from the catalogue. */
export type ThreatTitles = Readonly<Record<string, string>>;

export interface Reason {
  verdict: MarkedVerdict;
  /** Which rule decided, in words. */
  decided: readonly Span[];
  /** The smallest change that gives a better verdict, or why there is none; `null` where none is wanted. */
  flip: readonly Span[] | null;
}

const plain = (text: string): Span => ({ text });
const strong = (text: string): Span => ({ text, as: 'strong' });
const code = (text: string): Span => ({ text, as: 'code' });

/** Why an attestation got its verdict and what would change it, in two sentences. */
export function prepareReason(explanation: Explanation, titles: ThreatTitles): Reason {
  const { row, detail, policyVersion } = explanation;
  const policy = `${row.appName} v${policyVersion}`;
  const match = decidingMatch(detail.appraisal, explanation.decidingRule);
  return {
    verdict: row.verdict,
    decided:
      match === undefined
        ? nothingDecided(explanation, policy)
        : decidedBy(match, detail.appraisal.smallestFlip === null, policy, titles),
    flip: row.verdict === 'trusted' ? null : flipOf(detail.appraisal, titles),
  };
}

function decidingMatch({ matched }: Appraisal, rule: string | null): AppraisalMatch | undefined {
  return rule === null ? undefined : matched.find((match) => match.rule === rule);
}

/** A threat that was found is a setting of the policy; a missed requirement or failed evidence has its own reason. */
function decidedBy(match: AppraisalMatch, always: boolean, policy: string, titles: ThreatTitles): Span[] {
  const setting: Span[] = [
    strong(titles[match.threat] ?? match.threat),
    ...(always
      ? [plain(' is always answered with '), strong(match.response)]
      : [plain(' is set to '), strong(match.response), plain(' in policy '), strong(policy)]),
    plain(' (rule '),
    code(match.rule),
    plain(').'),
  ];
  return match.rule.startsWith('threat.') ? setting : [plain(`${match.reason} `), ...setting];
}

function nothingDecided({ row, detail, decidingRule }: Explanation, policy: string): Span[] {
  if (row.verdict !== 'trusted') {
    const rule: Span[] = decidingRule === null ? [] : [plain(' (rule '), code(decidingRule), plain(')')];
    return [plain('Decided under policy '), strong(policy), ...rule, plain('.')];
  }
  return detail.appraisal.matched.length === 0
    ? [plain('Nothing was found that policy '), strong(policy), plain(' knows of.')]
    : [plain('Policy '), strong(policy), plain(' only observes what was found.')];
}

function flipOf({ smallestFlip }: Appraisal, titles: ThreatTitles): Span[] {
  if (smallestFlip === null) {
    return [
      plain('No policy changes this: forged evidence and operators’ blocks are refused under each of them.'),
    ];
  }
  const changes = smallestFlip.changes.flatMap((change, index): Span[] => [
    ...(index === 0 ? [] : [plain(', ')]),
    strong(`${titles[change.threat] ?? change.threat}: ${change.from} → ${change.to}`),
  ]);
  const label =
    smallestFlip.changes.length === 1 ? 'Smallest change that flips it: ' : 'Smallest changes that flip it: ';
  return [plain(label), ...changes, plain('. It would then be '), strong(smallestFlip.verdict), plain('.')];
}

const OUTCOME_WORDS: readonly [Check['outcome'], one: string, many: string][] = [
  ['pass', 'passed', 'passed'],
  ['warn', 'warning', 'warnings'],
  ['fail', 'failed', 'failed'],
  ['skip', 'skipped', 'skipped'],
];

/** "8 passed · 1 warning · 1 failed". */
export function summariseChecks(checks: readonly Check[]): string {
  return OUTCOME_WORDS.flatMap(([outcome, one, many]) => {
    const count = checks.filter((check) => check.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  }).join(' · ');
}
