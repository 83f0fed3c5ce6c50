import type { NetworkKind } from '@/lib/contracts';
import { type AddressNumber, parseAddress, parsePrefix } from './address-number';
import { KIND_OF_ASN } from './asn-kinds';
import { BUILT_IN_PREFIXES } from './built-in-prefixes';
import { countryCode, type DataSet } from './data-set';
import { type NetworkOverrides, NO_OVERRIDES } from './overrides';
import { PrefixTable } from './prefix-table';
import { ipv6Key, valueAt } from './range-table';

/** What is known of the network that an address belongs to. */
export interface NetworkFacts {
  /** ISO 3166-1 alpha-2; `null` where it is not known. */
  readonly country: string | null;
  readonly asn: number | null;
  readonly kind: NetworkKind;
}

/** Tells what is known of addresses, from memory. */
export interface Networks {
  /** What is known of an address in its plain form; nothing of any other text. */
  describe(address: string): NetworkFacts;
}

const NOTHING: NetworkFacts = { country: null, asn: null, kind: 'unknown' };

const BUILT_IN = new PrefixTable<NetworkKind>(
  BUILT_IN_PREFIXES.flatMap(([text, kind]) => {
    const prefix = parsePrefix(text);
    return prefix === undefined ? [] : [[prefix, kind] as const];
  }),
);

/** Kinds in which an address belongs to no network that could be looked up. */
const PLACELESS: ReadonlySet<NetworkKind> = new Set(['private', 'unknown']);

/**
 * Networks as the data set and the operator describe them. Without a data set only private addresses are told from others.
 * The kind is decided by the first that knows: the operator's prefixes, ours, the operator's ASNs, ours, the operator's
 * name, and then the network's existence.
 */
export function createNetworks(data?: DataSet, overrides: NetworkOverrides = NO_OVERRIDES): Networks {
  const own = new PrefixTable<NetworkKind>(overrides.prefixes);
  const kinds = new Map<number, NetworkKind>();
  for (const asn of data?.hosters ?? []) kinds.set(asn, 'hosting');
  for (const table of [KIND_OF_ASN, overrides.asns]) for (const [asn, kind] of table) kinds.set(asn, kind);
  return {
    describe: (text) => {
      const address = parseAddress(text);
      if (address === undefined) return NOTHING;
      const fixed = BUILT_IN.find(address);
      const stated = own.find(address) ?? fixed;
      if (fixed !== undefined && PLACELESS.has(fixed)) return { ...NOTHING, kind: stated ?? fixed };
      const { country, asn } = data === undefined ? NOTHING : placeOf(data, address);
      return { country, asn, kind: stated ?? (asn === null ? 'unknown' : (kinds.get(asn) ?? 'access')) };
    },
  };
}

function placeOf(data: DataSet, address: AddressNumber): Pick<NetworkFacts, 'country' | 'asn'> {
  const isV4 = address.family === 4;
  const key = isV4 ? address.value : ipv6Key(address.value);
  const asn = valueAt(isV4 ? data.asn4 : data.asn6, key);
  return {
    country: countryCode(valueAt(isV4 ? data.country4 : data.country6, key)),
    asn: asn === 0 ? null : asn,
  };
}
