import { plural } from '@/components/ui/format';
import type { DeviceErased } from '@/lib/contracts';

/** What erasing a device takes away for good. */
export const ERASED = [
  'its attestations, with their evidence, signals and network',
  'its refused requests',
  'its enrolment: key, model, versions and trust vector',
] as const;

/** What stays, and why. */
export const KEPT = [
  'its blocks, so that a blocked device stays blocked',
  'the counts in charts, which name no device',
  'the audit log: that you erased it, when and why',
] as const;

/** "12 attestations and 1 refused request were erased." */
export function erasedText({ attestations, requests }: DeviceErased['erased']): string {
  const parts = [plural(attestations, 'attestation'), plural(requests, 'refused request')];
  return `${parts.join(' and ')} were erased.`;
}
