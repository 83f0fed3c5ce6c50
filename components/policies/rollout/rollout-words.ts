import { formatCount, formatPercent, formatPoints, plural } from '@/components/ui/format';
import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { GuardrailFigures, Rollout, RolloutShadow, RolloutStage, Verdict } from '@/lib/contracts';
import { stageWords } from '../policy-words';

/** Every stage, in order. */
export const STAGES = ['observe', '1', '10', '50', '100'] as const satisfies readonly RolloutStage[];

/** The stage after one; `undefined` after the last. */
export function nextStage(stage: RolloutStage): RolloutStage | undefined {
  return STAGES[STAGES.indexOf(stage) + 1];
}

/** What going on from a stage does, as its button says it. */
export function advanceAct(stage: RolloutStage): string {
  const next = nextStage(stage);
  if (next === undefined) return '';
  return next === '100' ? 'Put into force' : `Go on to ${stageWords(next).replace(' of devices', '')}`;
}

/** How a rollout stands or ended, and its mark. */
export function outcomeOf({ state, stage, endedBy }: Rollout): { label: string; tone: MarkedVerdict } {
  if (state === 'open') return { label: stageWords(stage), tone: 'flagged' };
  if (state === 'done') return { label: 'in force for all', tone: 'trusted' };
  return endedBy === 'Guardrail'
    ? { label: `reverted by its guardrail at ${stageWords(stage)}`, tone: 'rejected' }
    : { label: `stopped at ${stageWords(stage)}`, tone: 'unknown' };
}

/** What the guardrail concludes, in a sentence, and its mark. */
export function guardrailWords({ figures, guardrail }: Pick<Rollout, 'figures' | 'guardrail'>): {
  text: string;
  tone: MarkedVerdict;
} {
  const limit = `the limit of ${formatPoints(guardrail.maxIncrease, 0)}`;
  if (figures === null || figures.increase === null) {
    const seen = Math.min(figures?.candidate.devices ?? 0, figures?.control.devices ?? 0);
    return {
      tone: 'unknown',
      text: `Nothing is concluded yet: ${formatCount(seen)} of ${plural(guardrail.minDevices, 'device')} seen in each group.`,
    };
  }
  const { value, low, high } = figures.increase;
  const found = `${formatPoints(value, 0)} rejected devices, 95 % interval ${formatPoints(low, 0)} to ${formatPoints(high, 0)}`;
  if (figures.isTripped) return { tone: 'rejected', text: `${found}: above ${limit}.` };
  return high <= guardrail.maxIncrease
    ? { tone: 'trusted', text: `${found}: within ${limit}.` }
    : { tone: 'flagged', text: `${found}: too few devices yet to tell whether it is within ${limit}.` };
}

/** The groups as a table tells them. */
export function groupRows(
  figures: GuardrailFigures,
  { version, baseVersion, stage }: Pick<Rollout, 'version' | 'baseVersion' | 'stage'>,
): { id: string; name: string; devices: number; rejected: number; share: string }[] {
  const of = ({ devices, rejected }: GuardrailFigures['control']) => ({
    ...{ devices, rejected },
    share: formatPercent(devices === 0 ? null : rejected / devices, 2),
  });
  const observed = stage === 'observe';
  return [
    {
      id: 'candidate',
      name: observed ? `version ${version} would reject` : `judged by version ${version}`,
      ...of(figures.candidate),
    },
    {
      id: 'control',
      name: observed ? `version ${baseVersion} rejects` : `control: version ${baseVersion}`,
      ...of(figures.control),
    },
  ];
}

/** Positions of an interval bar, 0 to 1 of its width. */
export interface IntervalBar {
  zero: number;
  limit: number;
  value: number;
  low: number;
  high: number;
}

/** Where zero, the limit and the interval stand, so that all of them are in sight. */
export function intervalBar(
  { value, low, high }: NonNullable<GuardrailFigures['increase']>,
  maxIncrease: number,
): IntervalBar {
  const from = Math.min(low, 0);
  const to = Math.max(high, maxIncrease);
  const margin = Math.max(to - from, 0.01) * 0.08;
  const place = (at: number) => (at - from + margin) / (to - from + 2 * margin);
  return {
    zero: place(0),
    limit: place(maxIncrease),
    value: place(value),
    low: place(low),
    high: place(high),
  };
}

const RANK: Readonly<Record<Verdict, number>> = { trusted: 0, flagged: 1, restricted: 2, rejected: 3 };

/** Verdicts that differ, most attestations first, with their direction; and how many of all that is. */
export function flipsOf({ attestations, transitions }: RolloutShadow) {
  const flips = transitions
    .filter(({ from, to }) => from !== to)
    .map((one) => ({ ...one, isStricter: RANK[one.to] > RANK[one.from] }))
    .sort((a, b) => b.attestations - a.attestations);
  const sum = (isStricter: boolean) =>
    flips.reduce((total, one) => total + (one.isStricter === isStricter ? one.attestations : 0), 0);
  const [stricter, milder] = [sum(true), sum(false)];
  const share = attestations === 0 ? null : (stricter + milder) / attestations;
  return { flips, stricter, milder, share };
}
