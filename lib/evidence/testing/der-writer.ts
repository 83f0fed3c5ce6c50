/** Writes DER (X.690). The counterpart of the strict reader, for evidence that tests and simulators make. */

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const octets = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([0x80 + octets.length]), octets]);
}

/** One element with a single-octet identifier. */
export function derElement(identifier: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([identifier]), lengthOctets(body.length), body]);
}

/** Base-128 digits, most significant first, all but the last with the continuation bit. */
function base128(value: bigint): number[] {
  const digits = [Number(value & 0x7fn)];
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) digits.unshift(Number(rest & 0x7fn) | 0x80);
  return digits;
}

const LOW_TAG_LIMIT = 31;
const CONTEXT_CONSTRUCTED = 0xa0;

/** An EXPLICIT context tag of any number. */
export function derContext(number: number, ...content: Uint8Array[]): Buffer {
  if (number < LOW_TAG_LIMIT) return derElement(CONTEXT_CONSTRUCTED + number, ...content);
  const body = Buffer.concat(content);
  const identifier = [CONTEXT_CONSTRUCTED + LOW_TAG_LIMIT, ...base128(BigInt(number))];
  return Buffer.concat([Buffer.from(identifier), lengthOctets(body.length), body]);
}

export const derSequence = (...members: Uint8Array[]) => derElement(0x30, ...members);
export const derOctetString = (content: Uint8Array) => derElement(0x04, content);
export const derBitString = (content: Uint8Array) => derElement(0x03, Buffer.from([0]), content);
export const derBool = (value: boolean) => derElement(0x01, Buffer.from([value ? 0xff : 0x00]));
export const derNull = () => derElement(0x05);
export const derUtf8 = (text: string) => derElement(0x0c, Buffer.from(text, 'utf8'));

/** SET OF, its members in the order that DER asks for. */
export function derSetOf(members: readonly Uint8Array[]): Buffer {
  return derElement(0x31, ...members.toSorted(Buffer.compare));
}

function integerContent(value: number | bigint | Uint8Array): Buffer {
  let hex = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value.toString(16);
  hex = hex.replace(/^0+(?=.)/, '');
  const octets = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return (octets[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), octets]) : octets;
}

/** Non-negative INTEGER. */
export const derInteger = (value: number | bigint | Uint8Array) => derElement(0x02, integerContent(value));
/** Non-negative ENUMERATED. */
export const derEnum = (value: number) => derElement(0x0a, integerContent(value));

/** OBJECT IDENTIFIER of a dotted text. */
export function derObjectId(dotted: string): Buffer {
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  return derElement(0x06, Buffer.from([first * 40n + second, ...rest].flatMap(base128)));
}

const FIRST_GENERALIZED_YEAR = 2050;

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5). Cut to whole seconds. */
export function derTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  const isUtc = Number(digits.slice(0, 4)) < FIRST_GENERALIZED_YEAR;
  return isUtc
    ? derElement(0x17, Buffer.from(digits.slice(2), 'latin1'))
    : derElement(0x18, Buffer.from(digits, 'latin1'));
}
