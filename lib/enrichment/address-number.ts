/** An address as a number: 32 bits of IPv4, or 128 of IPv6. */
export type AddressNumber =
  | { readonly family: 4; readonly value: number }
  | { readonly family: 6; readonly value: bigint };

/** A range of addresses that share their first `bits`. */
export interface Prefix {
  readonly address: AddressNumber;
  readonly bits: number;
}

/** `.` as a digit of ASCII. */
const DOT = -2;
const IPV6_GROUP = /^[0-9a-f]{1,4}$/i;
const WIDTH = { 4: 32, 6: 128 } as const;

/** Reads an address in its plain form; `undefined` for every other text. */
export function parseAddress(text: string): AddressNumber | undefined {
  if (text.includes(':')) {
    const value = ipv6Value(text);
    return value === undefined ? undefined : { family: 6, value };
  }
  const value = ipv4Value(text);
  return value === undefined ? undefined : { family: 4, value };
}

/** Reads `203.0.113.0/24`, or an address, which is a range of one; `undefined` for every other text. */
export function parsePrefix(text: string): Prefix | undefined {
  const [head = '', length, ...rest] = text.split('/');
  const address = parseAddress(head);
  if (address === undefined || rest.length > 0) return undefined;
  const most = WIDTH[address.family];
  if (length === undefined) return { address, bits: most };
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  return bits <= most ? { address, bits } : undefined;
}

/** `203.0.113.9` of its 32 bits. */
export function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** By hand: this runs for every address that was not seen lately. */
function ipv4Value(text: string): number | undefined {
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) {
      // A leading zero would be octal to some readers.
      if (octet === 0) return undefined;
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 255) return undefined;
    } else if (digit === DOT && octet >= 0 && dots < 3) {
      value = value * 256 + octet;
      octet = -1;
      dots += 1;
    } else return undefined;
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : undefined;
}

function ipv6Value(text: string): bigint | undefined {
  const halves = withHexTail(text)?.split('::');
  if (halves === undefined || halves.length > 2) return undefined;
  const left = groupsOf(halves[0]);
  const right = groupsOf(halves[1]);
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const at = (index: number) =>
    index < left.length ? left[index] : index < 8 - right.length ? 0 : right[index - 8 + right.length];
  // Three numbers of at most 48 bits are exact, and one shift each is cheaper than one per group.
  const part = (from: number, to: number) => {
    let sum = 0;
    for (let index = from; index < to; index++) sum = sum * 65_536 + (at(index) ?? 0);
    return BigInt(sum);
  };
  return (part(0, 3) << 80n) | (part(3, 6) << 32n) | part(6, 8);
}

/** The groups of half an address; `undefined` where one of them is none. */
function groupsOf(half: string | undefined): number[] | undefined {
  if (half === undefined || half === '') return [];
  const groups: number[] = [];
  for (const text of half.split(':')) {
    if (!IPV6_GROUP.test(text)) return undefined;
    groups.push(Number.parseInt(text, 16));
  }
  return groups;
}

/** The address with the last 32 bits in hexadecimal where they are written as IPv4. */
function withHexTail(text: string): string | undefined {
  if (!text.includes('.')) return text;
  const at = text.lastIndexOf(':') + 1;
  const value = ipv4Value(text.slice(at));
  if (value === undefined) return undefined;
  return `${text.slice(0, at)}${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`;
}
