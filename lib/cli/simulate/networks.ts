import type { Random } from './random';

/*
 * Addresses that belong to nobody: RFC 5737 and RFC 3849 (documentation) and RFC 2544 (benchmarks). Nothing that is
 * shown of the simulation may point at a real network.
 */

const SCRIPT_NETWORKS = ['192.0.2', '198.51.100', '203.0.113'] as const;

/** An address of a household or a mobile network. */
export function drawHomeAddress(random: Random): string {
  return random.next() < 0.45
    ? `198.${18 + random.integer(2)}.${random.integer(256)}.${1 + random.integer(254)}`
    : `2001:db8:${(1 + random.integer(0xfffe)).toString(16)}::${(1 + random.integer(0xfffe)).toString(16)}`;
}

/** An address of the few networks that scripts come from. */
export function drawScriptAddress(random: Random): string {
  return `${random.pick(SCRIPT_NETWORKS)}.${1 + random.integer(254)}`;
}
