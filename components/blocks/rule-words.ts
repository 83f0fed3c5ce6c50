import { plural } from '@/components/ui/format';
import type { BlockRuleView, RuleSubject } from '@/lib/contracts';

/** A span that a rule may name. */
export interface Span {
  seconds: number;
  label: string;
}

export const WINDOWS: readonly Span[] = [
  { seconds: 60, label: '1 minute' },
  { seconds: 600, label: '10 minutes' },
  { seconds: 3_600, label: '1 hour' },
  { seconds: 86_400, label: '24 hours' },
];
export const LENGTHS: readonly Span[] = [
  { seconds: 3_600, label: '1 hour' },
  { seconds: 28_800, label: '8 hours' },
  { seconds: 86_400, label: '24 hours' },
  { seconds: 604_800, label: '7 days' },
  { seconds: 2_592_000, label: '30 days' },
];

/** The spans that are offered, and the rule's own where it is none of them. */
export function spansWith(spans: readonly Span[], seconds: number): readonly Span[] {
  return spans.some((span) => span.seconds === seconds)
    ? spans
    : [{ seconds, label: spanWords(seconds) }, ...spans];
}

/** "10 minutes". */
export function spanWords(seconds: number): string {
  const known = [...WINDOWS, ...LENGTHS].find((span) => span.seconds === seconds);
  return known?.label ?? plural(seconds, 'second');
}

export const SUBJECT_LABELS: Readonly<Record<RuleSubject, string>> = {
  instance: 'The device',
  hardware: 'The attestation key',
};

type Terms = Pick<
  BlockRuleView,
  'refusals' | 'windowSeconds' | 'subject' | 'effect' | 'durationSeconds' | 'escalates'
>;

/** What a rule does, in one sentence. */
export function ruleWords(rule: Terms): string {
  const times = rule.refusals === 1 ? 'once' : plural(rule.refusals, 'time');
  const what = rule.subject === 'instance' ? 'the device' : 'its attestation key';
  const verb = rule.effect === 'refuse' ? 'block' : 'simulate a block of';
  const longer = rule.escalates ? ', longer each time' : '';
  return `Refused ${times} within ${spanWords(rule.windowSeconds)}: ${verb} ${what} for ${spanWords(rule.durationSeconds)}${longer}`;
}

/** What a rule may do within a day. */
export function limitWords({ mostDevices, mostPercent }: Pick<BlockRuleView, 'mostDevices' | 'mostPercent'>) {
  return `at most ${plural(mostDevices, 'device')} and ${mostPercent} % of those seen within a day`;
}
