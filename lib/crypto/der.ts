/** One element of a DER encoding (X.690): identifier, content, and the complete bytes. */
export interface DerElement {
  /** Identifier as made by `derTag`: class, form and number in one comparable number. */
  readonly tag: number;
  readonly content: Uint8Array;
  readonly raw: Uint8Array;
}

const TAG_CLASSES = { universal: 0, context: 2 } as const;
const HIGH_TAG_NUMBER = 0x1f;
const MAX_TAG_NUMBER_BYTES = 3;
const MAX_LENGTH_BYTES = 3;
/** Most members of one element that are looked at; real structures have less than a hundred. */
export const MAX_DER_MEMBERS = 256;

/** The comparable identifier of a tag. */
function derTag(tagClass: number, constructed: boolean, number: number): number {
  return number * 8 + tagClass * 2 + (constructed ? 1 : 0);
}

/** Identifier of a context-specific tag, constructed (EXPLICIT, or IMPLICIT of a constructed type) unless said. */
export function contextTag(number: number, constructed = true): number {
  return derTag(TAG_CLASSES.context, constructed, number);
}

/** The number of a constructed context-specific tag; `undefined` for any other tag. */
export function contextTagNumber(tag: number): number | undefined {
  return tag % 8 === TAG_CLASSES.context * 2 + 1 ? Math.floor(tag / 8) : undefined;
}

const universal = (number: number, constructed = false) => derTag(TAG_CLASSES.universal, constructed, number);

/** Identifiers of the universal types that certificates use. */
export const DER = {
  boolean: universal(1),
  integer: universal(2),
  bitString: universal(3),
  octetString: universal(4),
  null: universal(5),
  oid: universal(6),
  enumerated: universal(10),
  utf8String: universal(12),
  sequence: universal(16, true),
  set: universal(17, true),
  printableString: universal(19),
  utcTime: universal(23),
  generalizedTime: universal(24),
} as const;

interface Header {
  tag: number;
  contentStart: number;
  contentEnd: number;
}

/** Reads a tag number of the high form: minimal, at most three bytes. Returns the number and the next offset. */
function readHighTagNumber(bytes: Uint8Array, offset: number): [number, number] | undefined {
  let number = 0;
  for (let index = 0; index < MAX_TAG_NUMBER_BYTES; index += 1) {
    const byte = bytes[offset + index];
    if (byte === undefined || (index === 0 && byte === 0x80)) return undefined;
    number = number * 128 + (byte & 0x7f);
    if (byte < 0x80) return number < HIGH_TAG_NUMBER ? undefined : [number, offset + index + 1];
  }
  return undefined;
}

/** Reads a definite, minimal length. Returns the length and the next offset. */
function readLength(bytes: Uint8Array, offset: number): [number, number] | undefined {
  const first = bytes[offset];
  if (first === undefined) return undefined;
  if (first < 0x80) return [first, offset + 1];
  const count = first - 0x80;
  if (count === 0 || count > MAX_LENGTH_BYTES || bytes[offset + 1] === 0) return undefined;
  let length = 0;
  for (let index = 1; index <= count; index += 1) {
    const byte = bytes[offset + index];
    if (byte === undefined) return undefined;
    length = length * 256 + byte;
  }
  return length < 0x80 ? undefined : [length, offset + 1 + count];
}

function readHeader(bytes: Uint8Array, offset: number): Header | undefined {
  const first = bytes[offset];
  if (first === undefined) return undefined;
  let number = first & 0x1f;
  let next = offset + 1;
  if (number === HIGH_TAG_NUMBER) {
    const high = readHighTagNumber(bytes, next);
    if (high === undefined) return undefined;
    [number, next] = high;
  }
  const length = readLength(bytes, next);
  if (length === undefined) return undefined;
  const contentEnd = length[1] + length[0];
  if (contentEnd > bytes.length) return undefined;
  return { tag: derTag(first >> 6, (first & 0x20) !== 0, number), contentStart: length[1], contentEnd };
}

/** Every element of a concatenation, 256 at most; `undefined` unless the bytes are exactly that. */
export function readDerElements(bytes: Uint8Array): DerElement[] | undefined {
  const elements: DerElement[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const header = readHeader(bytes, offset);
    if (header === undefined || elements.length === MAX_DER_MEMBERS) return undefined;
    elements.push({
      tag: header.tag,
      content: bytes.subarray(header.contentStart, header.contentEnd),
      raw: bytes.subarray(offset, header.contentEnd),
    });
    offset = header.contentEnd;
  }
  return elements;
}

/** The one element that the bytes hold; `undefined` for anything malformed or trailing. */
export function readDer(bytes: Uint8Array): DerElement | undefined {
  const header = readHeader(bytes, 0);
  if (header === undefined || header.contentEnd !== bytes.length) return undefined;
  return {
    tag: header.tag,
    content: bytes.subarray(header.contentStart, header.contentEnd),
    raw: bytes,
  };
}

/** The members of a constructed element with this tag; `undefined` for another tag or malformed content. */
export function readDerMembers(element: DerElement | undefined, tag: number): DerElement[] | undefined {
  return element?.tag === tag ? readDerElements(element.content) : undefined;
}

/** The one element inside an EXPLICIT tag. */
export function readDerExplicit(element: DerElement | undefined): DerElement | undefined {
  return element === undefined ? undefined : readDer(element.content);
}
