import { plural } from '@/components/ui/format';
import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { BaselineApps } from '@/lib/contracts';

type App = BaselineApps['apps'][number];

/** How far an app is behind the newest baseline, and whether something can be done about it. */
export function distanceOf(
  { inheritedVersion, draft }: Pick<App, 'inheritedVersion' | 'draft'>,
  newest: number | null,
): { text: string; tone: MarkedVerdict; isBehind: boolean } {
  if (newest === null) return { text: 'there is no baseline', tone: 'unknown', isBehind: false };
  const isDrafted = draft?.inheritedVersion === newest;
  if (inheritedVersion === newest) return { text: 'up to date', tone: 'trusted', isBehind: false };
  const behind =
    inheritedVersion === null ? 'inherits none' : `${plural(newest - inheritedVersion, 'version')} behind`;
  return isDrafted
    ? { text: `${behind}; its draft is up to date`, tone: 'flagged', isBehind: false }
    : { text: behind, tone: inheritedVersion === null ? 'unknown' : 'flagged', isBehind: true };
}

/** A policy in the form in which it is edited, or what is wrong with the text. */
export function readPolicyText(text: string): { policy: unknown } | { problem: string } {
  try {
    const policy: unknown = JSON.parse(text);
    if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
      return { problem: 'A policy is one object: { "schema": 2, … }.' };
    }
    return { policy };
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}` };
  }
}

/** What the server found wrong with a policy, with the path of each. */
export function policyProblems(fields: Readonly<Record<string, string>>): string[] {
  return Object.entries(fields)
    .filter(([path]) => path === 'policy' || path.startsWith('policy.'))
    .map(([path, message]) => `${path.replace(/^policy\.?/, '') || 'the policy'}: ${message}`);
}
