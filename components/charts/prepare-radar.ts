import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { TrustVector, TrustVectorMember } from '@/lib/contracts';

/** AR4SI's tiers of a trust claim. */
export type TrustTier = 'affirming' | 'warning' | 'contraindicated' | 'none';

/** How each tier is drawn: how far out (more is better), with which mark, under which word. */
export const TIERS: Readonly<Record<TrustTier, { radius: number; verdict: MarkedVerdict; label: string }>> = {
  affirming: { radius: 1, verdict: 'trusted', label: 'affirmed' },
  warning: { radius: 0.6, verdict: 'flagged', label: 'warning' },
  contraindicated: { radius: 0.25, verdict: 'rejected', label: 'contraindicated' },
  none: { radius: 0, verdict: 'unknown', label: 'no claim' },
};

/** The members in AR4SI's order, with what they are called here. */
export const VECTOR_LABELS: Readonly<Record<TrustVectorMember, string>> = {
  'instance-identity': 'Identity',
  configuration: 'Configuration',
  executables: 'Executables',
  'file-system': 'File system',
  hardware: 'Hardware',
  'runtime-opaque': 'Runtime',
  'storage-opaque': 'Storage',
  'sourced-data': 'Sourced data',
};
const MEMBERS = Object.keys(VECTOR_LABELS) as TrustVectorMember[];

/** The tier of a claim (draft-ietf-rats-ar4si, section 2.3): the values of a tier are mirrored below zero. */
export function tierOf(value: number): TrustTier {
  const size = value < 0 ? -value - 1 : value;
  if (size <= 1) return 'none';
  if (size < 32) return 'affirming';
  return size < 96 ? 'warning' : 'contraindicated';
}

export interface RadarAxis {
  member: TrustVectorMember;
  label: string;
  tier: TrustTier;
  value: number;
  /** How far out the claim stands, 0 to 1. */
  radius: number;
}

/** Prepares a trust vector: one axis per member, in AR4SI's order. A member that is missing makes no claim. */
export function prepareRadar(vector: Partial<TrustVector>): RadarAxis[] {
  return MEMBERS.map((member) => {
    const value = vector[member] ?? 0;
    const tier = tierOf(value);
    return { member, label: VECTOR_LABELS[member], tier, value, radius: TIERS[tier].radius };
  });
}
