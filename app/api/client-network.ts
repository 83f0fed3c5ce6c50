import { BlockList, isIP } from 'node:net';

const LONGEST_HEADER = 1_024;

/**
 * The network prefix that a request comes from: /24 of IPv4, /48 of IPv6, `unknown` where it cannot be told. The
 * address is the right-most of `X-Forwarded-For` that is not one of our proxies; the console's own process appends the
 * peer's there (`recordPeers`), so that what a client wrote of itself is not reached. Good enough to slow down guessing,
 * not to trust anybody by.
 */
export function networkOf(
  forwardedFor: string | null | undefined,
  trustedProxies: readonly string[],
): string {
  const hops = (forwardedFor ?? '')
    .slice(-LONGEST_HEADER)
    .split(',')
    .map((hop) => plain(hop.trim()));
  const proxies = proxyList(trustedProxies);
  const client = hops.reverse().find((hop) => !isProxy(hop, proxies));
  return prefixOf(client ?? '');
}

function prefixOf(address: string): string {
  if (isIP(address) === 4) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  if (isIP(address) !== 6) return 'unknown';
  // The URL parser writes IPv6 in its canonical form, where at most one run of zeros is left out.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back];
  return `${groups.slice(0, 3).join(':')}::/48`;
}

/** Without the zone, and without IPv6's wrapping of an IPv4 address. */
function plain(hop: string): string {
  return hop.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
}

function proxyList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address);
    if (family === 0) continue;
    list.addSubnet(address, Number(bits ?? (family === 4 ? 32 : 128)), family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

function isProxy(address: string, proxies: BlockList): boolean {
  const family = isIP(address);
  return family !== 0 && proxies.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
