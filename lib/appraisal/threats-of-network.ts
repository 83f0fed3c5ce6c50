import type { NetworkKind, ThreatId } from '@/lib/contracts';

const HOSTING: readonly ThreatId[] = ['hosting_network'];
const NONE: readonly ThreatId[] = [];

const THREATS_OF_KIND: Readonly<Record<NetworkKind, readonly ThreatId[]>> = {
  access: NONE,
  hosting: HOSTING,
  anonymiser: HOSTING,
  private: NONE,
  unknown: NONE,
};

/** What the network that an attestation comes from says against it. What is not known says nothing. */
export function threatsOfNetwork(kind: NetworkKind): readonly ThreatId[] {
  return THREATS_OF_KIND[kind];
}
