import { type Condition, compareVersionNumbers, type VersionRange, versionNumbers } from '@/lib/contracts';
import { type ClientFacts, numbersOf } from './input';

/** Whether something holds of an attestation. */
export type Holds = (client: ClientFacts) => boolean;

/** Prepares a condition. All that it states must hold; a fact that is not known holds for nothing. */
export function compileCondition(when: Condition): Holds {
  const parts: Holds[] = [];
  const { platform, osVersion, appVersion, models, countries, networkKinds } = when;
  if (platform !== undefined) parts.push((client) => client.platform === platform);
  if (osVersion !== undefined) parts.push(within(osVersion, 'osVersion'));
  if (appVersion !== undefined) parts.push(within(appVersion, 'appVersion'));
  if (models !== undefined) parts.push(ofModels(models));
  if (countries !== undefined) {
    const known = new Set(countries);
    parts.push(({ country }) => country !== null && known.has(country));
  }
  if (networkKinds !== undefined) {
    const known = new Set<string>(networkKinds);
    parts.push(({ networkKind }) => known.has(networkKind));
  }
  const [first, second] = parts;
  if (first !== undefined && second === undefined) return first;
  return (client) => parts.length > 0 && parts.every((holds) => holds(client));
}

function within(range: VersionRange, member: 'osVersion' | 'appVersion'): Holds {
  const isWithin = compileRange(range);
  return (client) => isWithin(client[member]);
}

/** Whether a version is in a range. */
export function compileRange({ from, below }: VersionRange): (version: string) => boolean {
  const least = from === undefined ? null : versionNumbers(from);
  const end = below === undefined ? null : versionNumbers(below);
  return (version) => {
    const numbers = numbersOf(version);
    if (numbers === null) return false;
    if (least !== null && compareVersionNumbers(numbers, least) < 0) return false;
    return end === null || compareVersionNumbers(numbers, end) < 0;
  };
}

function ofModels(patterns: readonly string[]): Holds {
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith('*')));
  const starts = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  return ({ model }) => exact.has(model) || starts.some((start) => model.startsWith(start));
}
