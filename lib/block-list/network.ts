/**
 * A network as blocks and clients are compared by it. No address is kept beyond its /24 or /48, so that no decision can
 * rest on more of one: IPv4 fits `high`, of IPv6 the first 32 bits are `high` and the next 16 `low`.
 */
export interface NetworkKey {
  readonly family: 4 | 6;
  readonly high: number;
  readonly low: number;
  readonly bits: number;
}

/** Shortest and longest prefix that can be blocked. A shorter one would be most of the Internet, a longer one is not kept. */
export const NETWORK_BITS = { 4: { min: 8, max: 24 }, 6: { min: 16, max: 48 } } as const;

/** Reads `203.0.113.0/24` or `2001:db8:1::/48`; `undefined` for anything else, also where bits behind the prefix are set. */
export function parseNetwork(text: string): NetworkKey | undefined {
  const slash = text.indexOf('/');
  const length = text.slice(slash + 1);
  if (slash < 0 || !/^\d{1,2}$/.test(length)) return undefined;
  const address = text.slice(0, slash);
  const isV6 = address.includes(':');
  const parts = isV6 ? ipv6Parts(address) : ipv4Parts(address);
  if (parts === undefined) return undefined;
  const bits = Number(length);
  const key: NetworkKey = { family: isV6 ? 6 : 4, ...parts, bits };
  const { min, max } = NETWORK_BITS[key.family];
  if (bits < min || bits > max) return undefined;
  const masked = maskNetwork(key, bits);
  return masked.high === key.high && masked.low === key.low ? key : undefined;
}

/** The network of this length that holds another one. */
export function maskNetwork({ family, high, low }: NetworkKey, bits: number): NetworkKey {
  return { family, high: (high & highMask(bits)) >>> 0, low: low & lowMask(bits), bits };
}

/** Mask of the first 32 bits. */
export function highMask(bits: number): number {
  return bits >= 32 ? 0xffffffff : (-1 << (32 - bits)) >>> 0;
}

/** Mask of the 16 bits behind them. */
export function lowMask(bits: number): number {
  return bits <= 32 ? 0 : (-1 << (48 - bits)) & 0xffff;
}

/** As it is written down: `203.0.113.0/24`, `2001:db8:1::/48`. */
export function formatNetwork({ family, high, low, bits }: NetworkKey): string {
  if (family === 4) {
    return `${high >>> 24}.${(high >>> 16) & 255}.${(high >>> 8) & 255}.${high & 255}/${bits}`;
  }
  const groups = [high >>> 16, high & 0xffff, low].map((group) => group.toString(16));
  while (groups.length > 0 && groups.at(-1) === '0') groups.pop();
  return `${groups.join(':')}::/${bits}`;
}

/** Every network that may be blocked and holds this one, itself included, the narrowest first. */
export function networksAround(key: NetworkKey): NetworkKey[] {
  const around: NetworkKey[] = [];
  for (let bits = key.bits; bits >= NETWORK_BITS[key.family].min; bits--) around.push(maskNetwork(key, bits));
  return around;
}

function ipv4Parts(address: string): { high: number; low: number } | undefined {
  const octets = address.split('.');
  if (octets.length !== 4) return undefined;
  let high = 0;
  for (const octet of octets) {
    if (!/^(0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255) return undefined;
    high = high * 256 + Number(octet);
  }
  return { high, low: 0 };
}

/** The first three groups; what lies behind them must be zero. */
function ipv6Parts(address: string): { high: number; low: number } | undefined {
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (left === undefined) return undefined;
  const missing = right === undefined ? 0 : 8 - left.length - right.length;
  if (right === undefined ? left.length !== 8 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...(right ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const numbers = groups.map((group) => Number.parseInt(group, 16));
  if (numbers.slice(3).some((group) => group !== 0)) return undefined;
  const [first = 0, second = 0, third = 0] = numbers;
  return { high: first * 65_536 + second, low: third };
}
