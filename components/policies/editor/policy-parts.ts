import type { ConditionalResponse, Policy, PolicyRule, Response } from '@/lib/contracts';

/** Members of a policy whose items have ids, and those that are records. */
const LISTS = ['conditions', 'rules'] as const;
const RECORDS = ['threats', 'requirements', 'annotations', 'outcomes'] as const;
/** Members that policies of the first schema do not have. */
const LATER = /^(conditions|rules|outcomes|requirements\.(minOsVersion|appVersions|integrity))(\.|$)/;

type Members = Record<string, unknown>;

/** A policy as a record. Paths are texts, which its type knows nothing of; the server validates what comes out. */
const membersOf = (policy: Policy) => policy as unknown as Members;

/** What stands at a path of a policy: `threats.hooks`, `conditions.<id>`, `outcomes.flagged.annotations`… */
export function partOf(policy: Policy, path: string): unknown {
  const [member = '', key, inner] = path.split('.');
  if (key === undefined) return membersOf(policy)[member];
  if (isList(member)) return itemsOf(policy, member).find(({ id }) => id === key);
  const record = membersOf(policy)[member] as Members | undefined;
  const value = record?.[key];
  return inner === undefined ? value : (value as Members | undefined)?.[inner];
}

/**
 * The policy with another value at a path; `undefined` takes it away, and with the last one the member that held it. A part
 * that policies of the first schema do not have makes it one of the second.
 */
export function withPart(policy: Policy, path: string, value: unknown): Policy {
  const [member = '', key, inner] = path.split('.');
  const members: Members = { ...membersOf(policy) };
  if (key === undefined) put(members, member, value);
  else if (isList(member)) put(members, member, withItem(itemsOf(policy, member), key, value));
  else {
    const record: Members = { ...(members[member] as Members | undefined) };
    if (inner === undefined) put(record, key, value);
    else {
      const within: Members = { ...(record[key] as Members | undefined) };
      put(within, inner, value);
      put(record, key, Object.keys(within).length === 0 ? undefined : within);
    }
    const isNeeded = member === 'threats' || member === 'requirements';
    put(members, member, Object.keys(record).length === 0 && !isNeeded ? undefined : record);
  }
  if (value !== undefined && LATER.test(path)) members.schema = 2;
  return members as unknown as Policy;
}

function put(record: Members, key: string, value: unknown): void {
  if (value === undefined) delete record[key];
  else record[key] = value;
}

type Item = ConditionalResponse | PolicyRule;

const isList = (member: string): member is (typeof LISTS)[number] => LISTS.some((list) => list === member);
const itemsOf = (policy: Policy, list: (typeof LISTS)[number]): readonly Item[] => policy[list] ?? [];

function withItem(items: readonly Item[], id: string, value: unknown): unknown {
  const known = items.some((item) => item.id === id);
  const next = known
    ? items.flatMap((item) => (item.id === id ? (value === undefined ? [] : [value]) : [item]))
    : value === undefined
      ? items
      : [...items, value];
  return next.length === 0 ? undefined : next;
}

/** The response to a threat; one that is not listed is observed. */
export function responseTo(policy: Policy, threat: string): Response {
  return policy.threats[threat] ?? 'observe';
}

/** Whether two values say the same, whatever the order of their members. */
export function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** Whether two policies say the same: a threat that is not listed is observed, and the schema's number says nothing. */
export function isSamePolicy(a: Policy, b: Policy): boolean {
  return isSame(meant(a), meant(b));
}

/** A policy without what goes without saying. */
function meant({ schema: _, ...policy }: Policy): Members {
  const members: Members = { ...policy };
  members.threats = Object.fromEntries(
    Object.entries(policy.threats).filter(([, response]) => response !== 'observe'),
  );
  for (const member of [...LISTS, ...RECORDS]) {
    const value = members[member];
    if (value !== undefined && Object.keys(value as object).length === 0) delete members[member];
  }
  return members;
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? ''
  );
}

/** The smallest id that no item of a list has: `ios-2` after `ios`. */
export function freeId(taken: readonly string[], wanted: string): string {
  const base =
    wanted
      .toLowerCase()
      .replaceAll(/[^a-z0-9_-]+/g, '-')
      .replaceAll(/^[-_]+|-+$/g, '')
      .slice(0, 28) || 'item';
  if (!taken.includes(base)) return base;
  for (let number = 2; ; number++) {
    if (!taken.includes(`${base}-${number}`)) return `${base}-${number}`;
  }
}
