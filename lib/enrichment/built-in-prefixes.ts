import type { NetworkKind } from '@/lib/contracts';

/*
 * Ranges whose kind is their own, whoever announces them. Sources: IANA's registries of special-purpose addresses
 * (RFC 6890 and its successors), and for the relay Apple's published list of egress ranges, in which these stand whole.
 */
export const BUILT_IN_PREFIXES: readonly (readonly [prefix: string, kind: NetworkKind])[] = [
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'private'],
  ['127.0.0.0/8', 'private'],
  ['169.254.0.0/16', 'private'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  ['::1/128', 'private'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'private'],
  // Documentation, benchmarks, multicast and what is reserved: no client has such an address.
  ['0.0.0.0/8', 'unknown'],
  ['192.0.0.0/24', 'unknown'],
  ['192.0.2.0/24', 'unknown'],
  ['198.18.0.0/15', 'unknown'],
  ['198.51.100.0/24', 'unknown'],
  ['203.0.113.0/24', 'unknown'],
  ['224.0.0.0/3', 'unknown'],
  ['::/128', 'unknown'],
  ['100::/64', 'unknown'],
  ['2001:db8::/32', 'unknown'],
  ['3fff::/20', 'unknown'],
  ['ff00::/8', 'unknown'],
  /*
   * iCloud Private Relay and Cloudflare WARP. They hide an address, not a country, and whoever owns an iPhone may have
   * the relay on without knowing: they are the access of honest people, though their operators' other ranges are not.
   */
  ['104.28.0.0/16', 'access'],
  ['2606:54c0::/30', 'access'],
  ['2a02:26f7::/32', 'access'],
  ['2a04:4e41::/32', 'access'],
  ['2a09:bac2::/31', 'access'],
];
