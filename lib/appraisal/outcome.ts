import type { Policy, Verdict } from '@/lib/contracts';

/** What an accepted attestation is given. */
export interface Outcome {
  readonly tokenTtlSeconds: number;
  /** API keys, by name, that are not given; `all`: none is. */
  readonly withholdsApiKeys: 'all' | readonly string[];
}

const NOTHING: readonly string[] = [];

/** What the policy gives an attestation of this verdict. `restricted` gets no API keys unless the policy names which it lacks. */
export function outcomeOf(policy: Policy, verdict: Exclude<Verdict, 'rejected'>): Outcome {
  const tokenTtlSeconds = policy.outcomes?.[verdict]?.tokenTtlSeconds ?? policy.tokenTtlSeconds;
  if (verdict !== 'restricted') return { tokenTtlSeconds, withholdsApiKeys: NOTHING };
  return { tokenTtlSeconds, withholdsApiKeys: policy.outcomes?.restricted?.withholdsApiKeys ?? 'all' };
}
