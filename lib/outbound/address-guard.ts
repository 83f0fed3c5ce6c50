import { BlockList, isIP } from 'node:net';

/** What is reachable from inside only, or is no single host (RFC 6890 and its registries): refused unless an operator allows it. */
const NOT_PUBLIC: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
];
/** Only this block of IPv6 is given out for the public network; everything outside it is refused. */
const GLOBAL_IPV6 = ['2000::', 3, 'ipv6'] as const;

/** Says which addresses may be connected to. */
export interface AddressGuard {
  allows(address: string): boolean;
}

/**
 * Lets public addresses pass, and those private ones that the operator names as addresses or CIDR ranges. IPv4 inside
 * IPv6 is judged as what it is.
 * @throws TypeError naming an entry that is neither an address nor a CIDR range
 */
export function createAddressGuard(allowed: readonly string[]): AddressGuard {
  const refused = new BlockList();
  for (const [network, bits, family] of NOT_PUBLIC) refused.addSubnet(network, bits, family);
  const global = new BlockList();
  global.addSubnet(...GLOBAL_IPV6);
  const exceptions = new BlockList();
  for (const entry of allowed) addRange(exceptions, entry);
  return {
    allows(address) {
      const plain = plainAddress(address);
      const version = isIP(plain);
      if (version === 0) return false;
      const family = version === 4 ? 'ipv4' : 'ipv6';
      if (exceptions.check(plain, family)) return true;
      if (family === 'ipv6' && !global.check(plain, 'ipv6')) return false;
      return !refused.check(plain, family);
    },
  };
}

function addRange(list: BlockList, entry: string): void {
  const [address = '', length, ...rest] = entry.split('/');
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(length ?? '0') || bits > most) {
    throw new TypeError(`"${entry}" is no address or CIDR range.`);
  }
  list.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6');
}

/** The address without its zone; an IPv4 address that is mapped into IPv6 as IPv4. */
function plainAddress(address: string): string {
  const [plain = ''] = address.split('%');
  const dotted = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(plain)?.[1];
  if (dotted !== undefined) return dotted;
  const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(plain);
  if (hex === null) return plain;
  const [high, low] = [Number.parseInt(hex[1] ?? '0', 16), Number.parseInt(hex[2] ?? '0', 16)];
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}
