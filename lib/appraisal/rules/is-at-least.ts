import { compareVersionNumbers, versionNumbers } from '@/lib/contracts';

/** What was to be compared is no version. */
export class NotAVersion extends RangeError {}

/** `version_at_least` of rules. @throws NotAVersion where one of them is no version, which makes the rule fail */
export function isAtLeast(version: string, bound: string): boolean {
  const [a, b] = [versionNumbers(version), versionNumbers(bound)];
  if (a === null || b === null) throw new NotAVersion('is no version');
  return compareVersionNumbers(a, b) >= 0;
}
