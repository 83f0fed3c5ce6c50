import {
  type ConditionalResponse,
  type Policy,
  type PolicyChange,
  type PolicyRule,
  RESPONSES,
  type Response,
  SECURITY_LEVELS,
  type SecurityLevel,
  threatTitle,
  type VersionRange,
} from '@/lib/contracts';
import { conditionWords, rangeWords } from '@/lib/words';
import { isSame, partsOf } from './policy-parts';

type Direction = PolicyChange['direction'];

/** How two policies differ, in the order in which a policy is read, in words. */
export function diffPolicies(from: Policy, to: Policy): PolicyChange[] {
  const [before, after] = [partsOf(from), partsOf(to)];
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths
    .filter((path) => !isSame(meant(path, before.get(path)), meant(path, after.get(path))))
    .map((path) => changeOf(path, before.get(path), after.get(path)))
    .sort((a, b) => orderOf(a.path) - orderOf(b.path) || (a.path < b.path ? -1 : 1));
}

const ORDER = [
  'threats',
  'conditions',
  'requirements',
  'rules',
  'outcomes',
  'tokenTtlSeconds',
  'annotations',
];
const orderOf = (path: string) => ORDER.indexOf(path.split('.')[0] ?? '');

/** What an absent part means: a threat that is not listed is observed. */
function meant(path: string, value: unknown): unknown {
  return value === undefined && path.startsWith('threats.') ? 'observe' : value;
}

function changeOf(path: string, before: unknown, after: unknown): PolicyChange {
  const [member = '', key = '', inner = ''] = path.split('.');
  const [from, to] = [meant(path, before), meant(path, after)];
  const said = { path, from: from ?? null, to: to ?? null };
  switch (member) {
    case 'threats':
      return {
        ...said,
        words: `${threatTitle(key)}: ${from} → ${to}`,
        direction: byResponse(from as Response, to as Response),
      };
    case 'conditions':
      return {
        ...said,
        ...conditionChange(from as Item<ConditionalResponse>, to as Item<ConditionalResponse>),
      };
    case 'rules':
      return { ...said, ...ruleChange(from as Item<PolicyRule>, to as Item<PolicyRule>) };
    case 'requirements': {
      const { label, strictness } = REQUIREMENTS[key] ?? { label: key, strictness: null };
      return {
        ...said,
        words: `${label}: ${valueWords(from)} → ${valueWords(to)}`,
        direction: strictness === null ? 'neither' : byNumber(strictness(from), strictness(to)),
      };
    }
    case 'tokenTtlSeconds':
      return {
        ...said,
        words: `Token lifetime: ${from} s → ${to} s`,
        direction: byNumber(-Number(from), -Number(to)),
      };
    case 'annotations':
      return {
        ...said,
        words: `Annotation of ${threatTitle(key)}: ${valueWords(from)} → ${valueWords(to)}`,
        direction: 'neither',
      };
    default:
      return {
        ...said,
        words: `${OUTCOMES[inner] ?? inner} when ${key}: ${valueWords(from)} → ${valueWords(to)}`,
        direction: 'neither',
      };
  }
}

type Item<Value> = Value | undefined;

function byNumber(from: number, to: number): Direction {
  if (Number.isNaN(from) || Number.isNaN(to) || from === to) return 'neither';
  return to > from ? 'stricter' : 'milder';
}

const byResponse = (from: Response, to: Response): Direction =>
  byNumber(RESPONSES.indexOf(from), RESPONSES.indexOf(to));

/** Whether a condition that appears or goes is stricter depends on the response that it replaces. */
function conditionChange(from: Item<ConditionalResponse>, to: Item<ConditionalResponse>) {
  const about = to ?? from;
  const head = about === undefined ? '' : `${threatTitle(about.threat)}, ${conditionWords(about.when)}`;
  if (from === undefined) return { words: `${head}: added, ${to?.response}`, direction: 'neither' as const };
  if (to === undefined)
    return { words: `${head}: removed, was ${from.response}`, direction: 'neither' as const };
  if (from.threat === to.threat && isSame(from.when, to.when)) {
    return {
      words: `${head}: ${from.response} → ${to.response}`,
      direction: byResponse(from.response, to.response),
    };
  }
  const old = `${threatTitle(from.threat)}, ${conditionWords(from.when)}: ${from.response}`;
  return { words: `${old} → ${head}: ${to.response}`, direction: 'neither' as const };
}

function ruleChange(from: Item<PolicyRule>, to: Item<PolicyRule>) {
  if (from === undefined && to !== undefined) {
    return { words: `Rule “${to.title}”: added, ${to.response}`, direction: 'stricter' as const };
  }
  if (from !== undefined && to === undefined) {
    return { words: `Rule “${from.title}”: removed, was ${from.response}`, direction: 'milder' as const };
  }
  if (from === undefined || to === undefined) return { words: '', direction: 'neither' as const };
  if (from.expression !== to.expression) {
    return {
      words: `Rule “${to.title}”: ${from.expression} → ${to.expression} (${to.response})`,
      direction: 'neither' as const,
    };
  }
  if (from.response === to.response) {
    return { words: `Rule “${from.title}”: now “${to.title}”`, direction: 'neither' as const };
  }
  return {
    words: `Rule “${to.title}”: ${from.response} → ${to.response}`,
    direction: byResponse(from.response, to.response),
  };
}

/** How requirements are called, and how strict a value is; `null` where that cannot be told. */
const REQUIREMENTS: Readonly<
  Record<string, { label: string; strictness: ((value: unknown) => number) | null }>
> = {
  environment: { label: 'Environment', strictness: (value) => (value === 'production' ? 1 : 0) },
  securityLevel: {
    label: 'Key security level',
    strictness: (value) => SECURITY_LEVELS.indexOf(value as SecurityLevel),
  },
  verifiedBoot: { label: 'Verified boot', strictness: Number },
  maxPatchAgeDays: { label: 'Age of security patches (days)', strictness: shorter },
  maxEvidenceAgeSeconds: { label: 'Age of hardware evidence (s)', strictness: shorter },
  registeredVersion: { label: 'Registered app version', strictness: Number },
  minOsVersion: { label: 'Oldest OS', strictness: null },
  appVersions: { label: 'App versions', strictness: null },
  // Between two that ask for something it cannot be told.
  integrity: { label: 'Play Integrity', strictness: (value) => (value == null ? 0 : 1) },
  maxAttestedKeys: { label: 'Keys attested on one device', strictness: shorter },
};

/** Less is stricter, and nothing is the mildest. */
function shorter(value: unknown): number {
  return typeof value === 'number' ? -value : Number.NEGATIVE_INFINITY;
}

const OUTCOMES: Readonly<Record<string, string>> = {
  tokenTtlSeconds: 'Token lifetime (s)',
  annotations: 'Annotations',
  withholdsApiKeys: 'API keys withheld',
};

/** A value for people. */
function valueWords(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'required' : 'not required';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueWords).join(', ');
  if (typeof value !== 'object') return String(value);
  if ('from' in value || 'below' in value) return rangeWords(value as VersionRange);
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => `${MEMBER_WORDS[key] ?? key} ${valueWords(inner)}`)
    .join('; ');
}

const MEMBER_WORDS: Readonly<Record<string, string>> = {
  ios: 'iOS',
  android: 'Android',
  deviceLabel: 'device label',
  minSdkVersion: 'oldest SDK',
  recognized: 'recognised app',
  licensed: 'licence',
  playProtect: 'Play Protect',
  refusedAppAccess: 'refused app access',
  maxActivityLevel: 'highest activity level',
  maxAgeSeconds: 'age (s)',
};
