import type { ThreatId } from '@/lib/contracts';
import type { AppraisalInput } from '../input';
import { patchLevelMs } from '../patch-level';

const DAY_MS = 86_400_000;

/** What a variable of a rule is in one attestation; `undefined` where evidence says nothing of it. */
export type RuleFact = string | boolean | bigint | readonly string[] | undefined;

/** Reads a variable. `threats` are sorted, and each of them is named once. */
export type ReadFact = (input: AppraisalInput, threats: readonly ThreatId[]) => RuleFact;

/** How each of `RULE_VARIABLES` is read. */
export const RULE_FACTS: Readonly<Record<string, ReadFact>> = {
  platform: ({ client }) => client.platform,
  os_version: ({ client }) => client.osVersion,
  app_version: ({ client }) => client.appVersion,
  app_version_registered: ({ appVersion }) => appVersion.registered && !appVersion.withdrawn,
  model: ({ client }) => client.model,
  country: ({ client }) => client.country ?? '',
  network_kind: ({ client }) => client.networkKind,
  threats: (_input, threats) => threats,
  'claims.environment': ({ claims }) => claims?.environment,
  'claims.security_level': ({ claims }) => claims?.securityLevel,
  'claims.device_locked': ({ claims }) => claims?.boot?.deviceLocked,
  'claims.boot_state': ({ claims }) => claims?.boot?.state,
  'claims.patch_age_days': ({ claims, nowMs }) =>
    typeof claims?.osPatchLevel === 'string'
      ? whole((nowMs - patchLevelMs(claims.osPatchLevel)) / DAY_MS)
      : undefined,
  'claims.evidence_age_seconds': ({ claims, evidenceAgeSeconds }) =>
    claims === null ? undefined : whole(evidenceAgeSeconds),
  'claims.play_labels': ({ integrity }) => integrity?.deviceLabels,
  'claims.attested_keys': ({ claims }) =>
    typeof claims?.attestedKeys === 'number' ? BigInt(claims.attestedKeys) : undefined,
};

/** Of which every attestation has another value, so that nothing recurs for a rule that reads it. */
export const NEVER_RECURS: ReadonlySet<string> = new Set(['claims.evidence_age_seconds']);

const whole = (value: number) => (Number.isFinite(value) ? BigInt(Math.floor(value)) : undefined);

/** Which variables an expression may read: rather more than it does, where a text has the name of one in it. */
export function readsOf(expression: string): string[] {
  const words = new Set(expression.match(/\w+/g));
  const readsAllClaims = /\bclaims\b(?!\s*\.)/.test(expression);
  return Object.keys(RULE_FACTS).filter((name) => {
    const [base = '', member] = name.split('.');
    return words.has(base) && (member === undefined || readsAllClaims || words.has(member));
  });
}

/** What an expression is evaluated in, of variables by name and their values in the same order. What is absent is left out. */
export function contextOf(names: readonly string[], values: readonly RuleFact[]): Record<string, unknown> {
  const context: Record<string, unknown> = {};
  const claims: Record<string, RuleFact> = {};
  for (const [index, name] of names.entries()) {
    const value = values[index];
    const [base = '', member] = name.split('.');
    if (member === undefined) context[base] = value;
    else {
      context[base] = claims;
      if (value !== undefined) claims[member] = value;
    }
  }
  return context;
}
