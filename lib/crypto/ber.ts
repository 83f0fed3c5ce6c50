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

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 + octets.length, ...octets];
}

function write(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(content.length)]), content]);
}

interface Rewritten {
  readonly encoded: Buffer;
  readonly content: Buffer;
  readonly tag: number;
  /** Offset after the element in the original. */
  readonly next: number;
}

/** The pieces of a constructed OCTET STRING, put together; `undefined` where one is something else. */
function join(pieces: readonly Rewritten[]): Buffer | undefined {
  return pieces.every(({ tag }) => tag === OCTET_STRING)
    ? Buffer.concat(pieces.map(({ content }) => content))
    : undefined;
}

function rewriteMembers(
  bytes: Uint8Array,
  { start, end }: Header,
  depth: number,
  budget: Budget,
): { members: Rewritten[]; next: number } | undefined {
  const members: Rewritten[] = [];
  let next = start;
  while (end === undefined ? !isEndOfContents(bytes, next) : next < end) {
    const member = rewrite(bytes, next, depth + 1, budget);
    if (member === undefined) return undefined;
    members.push(member);
    next = member.next;
  }
  if (end === undefined) return { members, next: next + 2 };
  return next === end ? { members, next } : undefined;
}

function rewrite(bytes: Uint8Array, offset: number, depth: number, budget: Budget): Rewritten | undefined {
  budget.elements -= 1;
  const header = depth > MAX_DEPTH || budget.elements < 0 ? undefined : readHeader(bytes, offset);
  if (header === undefined) return undefined;
  const { tag, start, end } = header;
  if ((tag & CONSTRUCTED) === 0) {
    if (end === undefined) return undefined;
    const content = Buffer.from(bytes.subarray(start, end));
    return { tag, content, encoded: write(tag, content), next: end };
  }
  const inside = rewriteMembers(bytes, header, depth, budget);
  if (inside === undefined) return undefined;
  const isString = tag === CONSTRUCTED_OCTET_STRING;
  const content = isString
    ? join(inside.members)
    : Buffer.concat(inside.members.map(({ encoded }) => encoded));
  if (content === undefined) return undefined;
  const written = isString ? OCTET_STRING : tag;
  return { tag: written, content, encoded: write(written, content), next: inside.next };
}

/**
 * One BER element, rewritten with definite and minimal lengths and with whole OCTET STRINGs; what was DER stays byte for
 * byte what it was. `undefined` for anything malformed, trailing, nested over 16 levels or of over 4,096 elements.
 */
export function definiteForm(bytes: Uint8Array): Buffer | undefined {
  const rewritten = rewrite(bytes, 0, 0, { elements: MAX_ELEMENTS });
  return rewritten?.next === bytes.length ? rewritten.encoded : undefined;
}
