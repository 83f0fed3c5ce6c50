import { POLICY_SCHEMA_VERSION, type Policy, policySchema } from '@/lib/contracts';

/** A policy taken apart, by path: `threats.hooks`, `conditions.<id>`, `requirements.verifiedBoot`, `tokenTtlSeconds`… */
export type PolicyParts = Map<string, unknown>;

/** Lists whose items have ids, and records, of a policy. */
const LISTS = ['conditions', 'rules'] as const;
const RECORDS = ['threats', 'requirements', 'annotations'] as const;

/** Takes a policy apart into the smallest parts that are edited, compared and inherited. */
export function partsOf(policy: Policy): PolicyParts {
  const parts: PolicyParts = new Map();
  const set = (path: string, value: unknown) => {
    if (value !== undefined) parts.set(path, value);
  };
  for (const record of RECORDS) {
    for (const [key, value] of Object.entries(policy[record] ?? {})) set(`${record}.${key}`, value);
  }
  for (const list of LISTS) for (const item of policy[list] ?? []) set(`${list}.${item.id}`, item);
  set('tokenTtlSeconds', policy.tokenTtlSeconds);
  for (const [verdict, outcome] of Object.entries(policy.outcomes ?? {})) {
    for (const [member, value] of Object.entries(outcome ?? {})) set(`outcomes.${verdict}.${member}`, value);
  }
  return parts;
}

/** Puts a policy together again. @throws ZodError where the parts do not make one */
export function policyOfParts(parts: PolicyParts): Policy {
  const policy: Record<string, unknown> & { outcomes: Record<string, Record<string, unknown>> } = {
    schema: POLICY_SCHEMA_VERSION,
    threats: {},
    conditions: [],
    rules: [],
    outcomes: {},
  };
  for (const [path, value] of parts) {
    const [member = '', key = '', inner] = path.split('.');
    if (member === 'tokenTtlSeconds') policy[member] = value;
    else if (member === 'outcomes') policy.outcomes[key] = { ...policy.outcomes[key], [inner ?? '']: value };
    else if (member === 'conditions' || member === 'rules') (policy[member] as unknown[]).push(value);
    else policy[member] = { ...(policy[member] as object | undefined), [key]: value };
  }
  return policySchema.parse(policy);
}

export const isSame = (a: unknown, b: unknown) => canonical(a) === canonical(b);

/** JSON in which the order of members does not matter. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? ''
  );
}

/**
 * Brings a policy from one baseline to another: what it has in common with the old one follows the new one, and what it
 * says otherwise stays its own.
 */
export function inherit(policy: Policy, from: Policy, to: Policy): Policy {
  const [own, old, next] = [partsOf(policy), partsOf(from), partsOf(to)];
  const parts: PolicyParts = new Map();
  for (const path of new Set([...next.keys(), ...own.keys()])) {
    const isInherited = isSame(own.get(path), old.get(path));
    const value = isInherited ? next.get(path) : own.get(path);
    if (value !== undefined) parts.set(path, value);
  }
  return policyOfParts(parts);
}
