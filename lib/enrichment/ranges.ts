import { formatIpv4 } from './address-number';
import { countryCode, type DataSet } from './data-set';
import { valueAt } from './range-table';

/** Addresses of one network in one country: IPv4 addresses, or the /48s of IPv6; the last one is included. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly asn: number;
  /** Of the range's first address. */
  readonly country: string | null;
  readonly first: number;
  readonly last: number;
}

/** The ranges that these networks announce, IPv4 first, in the order of addresses. */
export function rangesOf(data: DataSet, asns: ReadonlySet<number>): AddressRange[] {
  return [...collect(data, 4, asns), ...collect(data, 6, asns)];
}

/** The address of a place in a range: `key` is one of the range's, `host` tells hosts of one /48 apart. */
export function addressIn({ family }: AddressRange, key: number, host: number): string {
  if (family === 4) return formatIpv4(key);
  const groups = [Math.floor(key / 2 ** 32), Math.floor(key / 2 ** 16) % 2 ** 16, key % 2 ** 16];
  return `${groups.map((group) => group.toString(16)).join(':')}:${(host % 2 ** 16).toString(16)}::1`;
}

function collect(data: DataSet, family: 4 | 6, asns: ReadonlySet<number>): AddressRange[] {
  const { starts, values } = family === 4 ? data.asn4 : data.asn6;
  const countries = family === 4 ? data.country4 : data.country6;
  const space = family === 4 ? 2 ** 32 : 2 ** 48;
  const found: AddressRange[] = [];
  for (let i = 0; i < starts.length; i++) {
    const asn = values[i] ?? 0;
    if (!asns.has(asn)) continue;
    const first = starts[i] ?? 0;
    const last = (starts[i + 1] ?? space) - 1;
    found.push({ family, asn, country: countryCode(valueAt(countries, first)), first, last });
  }
  return found;
}
