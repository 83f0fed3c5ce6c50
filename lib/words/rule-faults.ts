import type { RuleFault } from '@/lib/contracts';

const WORDS: Readonly<Record<RuleFault, string>> = {
  arithmetic: 'it divides by zero, or its numbers grow too large',
  out_of_range: 'it reads beyond the end of a text or list',
  not_convertible: 'it converts a text that is no such value',
  not_a_version: 'it compares what is no version',
  not_checked: 'it does not pass the check that rules are saved with',
  other: 'its evaluation failed',
};

/** Why a rule could not be evaluated, as a part of a sentence; `cause` as `AppraisalMatch` has it. */
export function ruleFaultWords(cause: string): string {
  if (Object.hasOwn(WORDS, cause)) return WORDS[cause as RuleFault];
  return `the evidence says nothing of ${cause}`;
}
