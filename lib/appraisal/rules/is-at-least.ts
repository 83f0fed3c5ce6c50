import { compareVersionNumbers, versionNumbers } from '@/lib/contracts';

/** `version_at_least` of rules. @throws RangeError where one of them is no version, which makes the rule fail */
export function isAtLeast(version: string, bound: string): boolean {
  const [a, b] = [versionNumbers(version), versionNumbers(bound)];
  if (a === null || b === null) throw new RangeError('is no version');
  return compareVersionNumbers(a, b) >= 0;
}
