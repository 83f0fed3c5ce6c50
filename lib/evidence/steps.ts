import type { Check, EvidenceCode, Verification } from '@/lib/contracts';

/** What one check found: a value to go on with, or the code of the refusal. */
export type Finding<T> =
  | { readonly outcome: 'pass' | 'warn' | 'skip'; readonly value: T; readonly detail: string }
  | { readonly outcome: 'fail'; readonly code: EvidenceCode; readonly detail: string };

/** The check holds. */
export function pass<T>(value: T, detail: string): Finding<T> {
  return { outcome: 'pass', value, detail };
}

/** The check found something that verification tolerates and people should see. */
export function warn<T>(value: T, detail: string): Finding<T> {
  return { outcome: 'warn', value, detail };
}

/** The check does not apply to this evidence. */
export function skip<T>(value: T, detail: string): Finding<T> {
  return { outcome: 'skip', value, detail };
}

/** The check refuses the evidence. */
export function fail(code: EvidenceCode, detail: string): Finding<never> {
  return { outcome: 'fail', code, detail };
}

interface Step {
  readonly id: string;
  readonly finding: Finding<unknown>;
}

/** A verification written as its sequence of checks; returns the claims. */
export type Steps<Claims> = Generator<Step, Claims, void>;

/** Records one check and gives its value; a refusal ends the verification here. */
export function* check<T>(id: string, finding: Finding<T>): Steps<T> {
  yield { id, finding };
  if (finding.outcome === 'fail') throw new Error('runSteps never resumes after a refusal');
  return finding.value;
}

/** Runs a verification up to its first refusal, and returns it as a value with every check that was made. */
export function runSteps<Claims>(steps: Steps<Claims>): Verification<Claims> {
  const checks: Check[] = [];
  for (;;) {
    const next = steps.next();
    if (next.done === true) return { ok: true, claims: next.value, checks };
    const { id, finding } = next.value;
    checks.push({ id, outcome: finding.outcome, detail: finding.detail });
    if (finding.outcome === 'fail') return { ok: false, code: finding.code, checks };
  }
}
