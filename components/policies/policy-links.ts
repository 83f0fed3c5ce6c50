import { withParams } from '@/components/query/api-fetch';

/** The pages of one app's policy. */
export const POLICY_TABS = [
  { segment: null, label: 'Editor' },
  { segment: 'history', label: 'History' },
  { segment: 'rollout', label: 'Rollout' },
  { segment: 'quarantines', label: 'Quarantines' },
  { segment: 'emergency', label: 'Emergency' },
] as const;
export type PolicySegment = (typeof POLICY_TABS)[number]['segment'];

/** A page of an app's policy: the editor where none is named. */
export function policyHref(
  id: string,
  segment: PolicySegment = null,
  params: Readonly<Record<string, string | number | undefined>> = {},
): string {
  return withParams(`/policies/${encodeURIComponent(id)}${segment === null ? '' : `/${segment}`}`, params);
}
