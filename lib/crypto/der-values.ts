import { DER, type DerElement } from './der';

/**
 * Where real devices deviate from DER, and a format allows it. `berBoolean`: any non-zero octet is TRUE (seen in
 * `critical` and in Android's `deviceLocked`).
 */
export interface DerTolerance {
  readonly berBoolean: boolean;
}

/** No deviation at all. */
export const STRICT_DER: DerTolerance = { berBoolean: false };

/** BOOLEAN: 0x00 or 0xFF, or any octet where BER booleans are tolerated. */
export function derBoolean(element: DerElement | undefined, tolerance = STRICT_DER): boolean | undefined {
  if (element?.tag !== DER.boolean || element.content.length !== 1) return undefined;
  const [octet] = element.content;
  if (octet === 0x00) return false;
  return octet === 0xff || tolerance.berBoolean ? true : undefined;
}

/** Whether integer content is minimal (X.690, 8.3.2). */
function isMinimalInteger(content: Uint8Array): boolean {
  const [first, second] = content;
  if (first === undefined) return false;
  if (second === undefined) return true;
  return !(first === 0x00 && second < 0x80) && !(first === 0xff && second >= 0x80);
}

const MAX_SAFE_INTEGER_BYTES = 8;

function unsignedContent(content: Uint8Array): number | undefined {
  if (!isMinimalInteger(content) || content.length > MAX_SAFE_INTEGER_BYTES || (content[0] ?? 0) >= 0x80)
    return undefined;
  let value = 0;
  for (const byte of content) value = value * 256 + byte;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** INTEGER from 0 to 2^53 - 1; `undefined` for anything else. */
export function derUnsigned(element: DerElement | undefined): number | undefined {
  return element?.tag === DER.integer ? unsignedContent(element.content) : undefined;
}

/** ENUMERATED from 0 to 2^53 - 1; `undefined` for anything else, an INTEGER included. */
export function derEnumerated(element: DerElement | undefined): number | undefined {
  return element?.tag === DER.enumerated ? unsignedContent(element.content) : undefined;
}

/** INTEGER of any size, as unsigned lower-case hexadecimal without leading zeros (`0` for zero). */
export function derSerialHex(element: DerElement | undefined): string | undefined {
  if (element?.tag !== DER.integer || !isMinimalInteger(element.content)) return undefined;
  const hex = Buffer.from(element.content).toString('hex').replace(/^0+/, '');
  return hex === '' ? '0' : hex;
}

/** Content of an OCTET STRING. */
export function derOctets(element: DerElement | undefined): Uint8Array | undefined {
  return element?.tag === DER.octetString ? element.content : undefined;
}

/** Content of a BIT STRING of whole octets (keys and signatures). */
export function derBits(element: DerElement | undefined): Uint8Array | undefined {
  return element?.tag === DER.bitString && element.content[0] === 0 ? element.content.subarray(1) : undefined;
}

const MAX_NUMBER_ARC_BYTES = 7;
/** No identifier in use is longer, and the cost of huge arcs is quadratic. */
const MAX_OID_BYTES = 64;

/** One base-128 arc of an object identifier, in decimal. */
function arcText(bytes: Uint8Array): string {
  if (bytes.length > MAX_NUMBER_ARC_BYTES) {
    return bytes.reduce((value, byte) => value * 128n + BigInt(byte & 0x7f), 0n).toString();
  }
  return bytes.reduce((value, byte) => value * 128 + (byte & 0x7f), 0).toString();
}

/** The first two arcs, which share one number (X.690, 8.19.4). */
function headText(bytes: Uint8Array): string {
  const [only] = bytes;
  if (bytes.length > 1 || only === undefined || only >= 80) return `2.${BigInt(arcText(bytes)) - 80n}`;
  return `${Math.floor(only / 40)}.${only % 40}`;
}

/** OBJECT IDENTIFIER in dotted form, of at most 64 bytes. */
export function derOid(element: DerElement | undefined): string | undefined {
  if (element?.tag !== DER.oid || element.content.length > MAX_OID_BYTES) return undefined;
  const { content } = element;
  let text: string | undefined;
  let start = 0;
  for (let index = 0; index < content.length; index += 1) {
    const byte = content[index] ?? 0;
    if (index === start && byte === 0x80) return undefined;
    if (byte >= 0x80) continue;
    const arc = content.subarray(start, index + 1);
    text = text === undefined ? headText(arc) : `${text}.${arcText(arc)}`;
    start = index + 1;
  }
  return start === content.length ? text : undefined;
}

const UTC_TIME = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/;
/** Two-digit years below this are in the 21st century (RFC 5280, 4.1.2.5.1). */
const UTC_TIME_PIVOT = 50;

/** UTCTime or GeneralizedTime as RFC 5280 profiles them, in milliseconds since the epoch. */
export function derTimeMs(element: DerElement | undefined): number | undefined {
  const isUtcTime = element?.tag === DER.utcTime;
  if (element === undefined || (!isUtcTime && element.tag !== DER.generalizedTime)) return undefined;
  const text = Buffer.from(element.content).toString('latin1');
  const match = (isUtcTime ? UTC_TIME : GENERALIZED_TIME).exec(text);
  if (match === null) return undefined;
  const [years = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const year = isUtcTime ? years + (years < UTC_TIME_PIVOT ? 2000 : 1900) : years;
  const time = new Date(0);
  time.setUTCFullYear(year, month - 1, day);
  time.setUTCHours(hour, minute, second);
  const isReal = time.getUTCMonth() === month - 1 && time.getUTCDate() === day && time.getUTCHours() === hour;
  return isReal && minute < 60 && second < 60 ? time.getTime() : undefined;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of valid UTF-8 bytes. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
