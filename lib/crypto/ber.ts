/*
 * Apple encodes receipts in BER: indefinite lengths, and strings in pieces. This rewrites such an encoding with definite,
 * minimal lengths and whole strings, so that the strict DER reader, and nobody else, says what is inside.
 */
const MAX_DEPTH = 16;
/** Most elements of one encoding; real receipts have about 200. */
const MAX_ELEMENTS = 4_096;
const CONSTRUCTED = 0x20;
const INDEFINITE = 0x80;
const MAX_LENGTH_BYTES = 3;
const HIGH_TAG_NUMBER = 0x1f;
const OCTET_STRING = 0x04;
const CONSTRUCTED_OCTET_STRING = OCTET_STRING | CONSTRUCTED;

interface Header {
  readonly tag: number;
  readonly start: number;
  /** Offset after the content; `undefined` for indefinite length. */
  readonly end: number | undefined;
}

/** What is left to be read: strangers choose how much there is. */
interface Budget {
  elements: number;
}

function readHeader(bytes: Uint8Array, offset: number): Header | undefined {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined || (tag & HIGH_TAG_NUMBER) === HIGH_TAG_NUMBER)
    return undefined;
  if (first === INDEFINITE)
    return (tag & CONSTRUCTED) === 0 ? undefined : { tag, start: offset + 2, end: undefined };
  const count = first < INDEFINITE ? 0 : first - INDEFINITE;
  if (count > MAX_LENGTH_BYTES) return undefined;
  let length = count === 0 ? first : 0;
  for (let index = 0; index < count; index += 1) {
    const byte = bytes[offset + 2 + index];
    if (byte === undefined) return undefined;
    length = length * 256 + byte;
  }
  const start = offset + 2 + count;
  return start + length > bytes.length ? undefined : { tag, start, end: start + length };
}

function isEndOfContents(bytes: Uint8Array, offset: number): boolean {
  return bytes[offset] === 0 && bytes[offset + 1] === 0;
}

/** An element as it was read: what is written of it again is decided from the inside out. */
interface Element {
  /** As it is written: strings in pieces become whole ones. */
  readonly tag: number;
  /** Where the content of a primitive element lies in the original. */
  readonly start: number;
  readonly end: number;
  /** Of a constructed element; the pieces of a string that comes in pieces. */
  readonly members: readonly Element[] | undefined;
}

function readMembers(
  bytes: Uint8Array,
  { start, end }: Header,
  depth: number,
  budget: Budget,
): { members: Element[]; next: number } | undefined {
  const members: Element[] = [];
  let next = start;
  while (end === undefined ? !isEndOfContents(bytes, next) : next < end) {
    const member = read(bytes, next, depth + 1, budget);
    if (member === undefined) return undefined;
    members.push(member.element);
    next = member.next;
  }
  if (end === undefined) return { members, next: next + 2 };
  return next === end ? { members, next } : undefined;
}

/** One element, with the offset after it; `undefined` for what is malformed, too deep or too much. */
function read(
  bytes: Uint8Array,
  offset: number,
  depth: number,
  budget: Budget,
): { element: Element; next: number } | undefined {
  budget.elements -= 1;
  const header = depth > MAX_DEPTH || budget.elements < 0 ? undefined : readHeader(bytes, offset);
  if (header === undefined) return undefined;
  const { tag, start, end } = header;
  if ((tag & CONSTRUCTED) === 0)
    return end === undefined ? undefined : { element: { tag, start, end, members: undefined }, next: end };
  const inside = readMembers(bytes, header, depth, budget);
  if (inside === undefined) return undefined;
  const { members, next } = inside;
  const isString = tag === CONSTRUCTED_OCTET_STRING;
  if (isString && !members.every((piece) => piece.tag === OCTET_STRING)) return undefined;
  return { element: { tag: isString ? OCTET_STRING : tag, start, end: next, members }, next };
}

/** A buffer that is written from its end: a length is known once its content stands behind it. */
interface Output {
  readonly bytes: Buffer;
  start: number;
}

function writeContent(source: Uint8Array, { tag, start, end, members }: Element, output: Output): void {
  if (members === undefined) {
    output.start -= end - start;
    output.bytes.set(source.subarray(start, end), output.start);
    return;
  }
  for (let index = members.length - 1; index >= 0; index -= 1) {
    const member = members[index];
    if (member === undefined) continue;
    if (tag === OCTET_STRING) writeContent(source, member, output);
    else write(source, member, output);
  }
}

function write(source: Uint8Array, element: Element, output: Output): void {
  const end = output.start;
  writeContent(source, element, output);
  const length = end - output.start;
  if (length < 0x80) {
    output.bytes[--output.start] = length;
  } else {
    let octets = 0;
    for (let rest = length; rest > 0; rest = Math.floor(rest / 256), octets += 1)
      output.bytes[--output.start] = rest % 256;
    output.bytes[--output.start] = 0x80 + octets;
  }
  output.bytes[--output.start] = element.tag;
}

/** By how much an element grows at most where its length is stated: five octets for one, and two zeros that end it. */
const MOST_ADDED = 2;

/**
 * One BER element, rewritten with definite and minimal lengths and with whole OCTET STRINGs; what was DER stays byte for
 * byte what it was. `undefined` for anything malformed, trailing, nested over 16 levels or of over 4,096 elements.
 */
export function definiteForm(bytes: Uint8Array): Buffer | undefined {
  const budget = { elements: MAX_ELEMENTS };
  const whole = read(bytes, 0, 0, budget);
  if (whole?.next !== bytes.length) return undefined;
  const capacity = bytes.length + (MAX_ELEMENTS - budget.elements) * MOST_ADDED;
  const output = { bytes: Buffer.allocUnsafe(capacity), start: capacity };
  write(bytes, whole.element, output);
  return output.bytes.subarray(output.start);
}
