import { derOid, readDer } from '@/lib/crypto';

/**
 * Apple encodes receipts in BER with indefinite lengths, which the strict DER reader refuses. This walks such an
 * encoding: it finds where an element ends, and nothing more.
 */
const MAX_DEPTH = 16;
const CONSTRUCTED = 0x20;
const INDEFINITE = 0x80;
const MAX_LENGTH_BYTES = 3;
const HIGH_TAG_NUMBER = 0x1f;

interface BerHeader {
  readonly constructed: boolean;
  /** Offset of the content. */
  readonly start: number;
  /** Offset after the content; `undefined` for indefinite length. */
  readonly end: number | undefined;
}

function readBerHeader(bytes: Uint8Array, offset: number): BerHeader | undefined {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined || (tag & HIGH_TAG_NUMBER) === HIGH_TAG_NUMBER)
    return undefined;
  const constructed = (tag & CONSTRUCTED) !== 0;
  if (first === INDEFINITE)
    return constructed ? { constructed, start: offset + 2, end: undefined } : undefined;
  const count = first < INDEFINITE ? 0 : first - INDEFINITE;
  if (count > MAX_LENGTH_BYTES) return undefined;
  let length = count === 0 ? first : 0;
  for (let index = 0; index < count; index += 1) length = length * 256 + (bytes[offset + 2 + index] ?? 0);
  const start = offset + 2 + count;
  return start + length > bytes.length ? undefined : { constructed, start, end: start + length };
}

/** Offset after the element at `offset`; `undefined` where it is malformed or nested too deeply. */
function endOfElement(bytes: Uint8Array, offset: number, depth: number): number | undefined {
  const header = depth > MAX_DEPTH ? undefined : readBerHeader(bytes, offset);
  if (header === undefined) return undefined;
  if (!header.constructed) return header.end;
  let next = header.start;
  while (header.end === undefined ? !isEndOfContents(bytes, next) : next < header.end) {
    const end = endOfElement(bytes, next, depth + 1);
    if (end === undefined) return undefined;
    next = end;
  }
  if (header.end === undefined) return next + 2;
  return next === header.end ? next : undefined;
}

function isEndOfContents(bytes: Uint8Array, offset: number): boolean {
  return bytes[offset] === 0 && bytes[offset + 1] === 0;
}

const SEQUENCE = 0x30;
const EXPLICIT_CONTENT = 0xa0;
const SIGNED_DATA = '1.2.840.113549.1.7.2';

/** Whether the bytes are one CMS ContentInfo of type SignedData (RFC 5652), in BER. Verifies nothing inside it. */
export function isSignedData(bytes: Uint8Array): boolean {
  const header = readBerHeader(bytes, 0);
  if (bytes[0] !== SEQUENCE || header === undefined || endOfElement(bytes, 0, 0) !== bytes.length)
    return false;
  const typeEnd = endOfElement(bytes, header.start, 1);
  if (typeEnd === undefined) return false;
  const type = readDer(bytes.subarray(header.start, typeEnd));
  return derOid(type) === SIGNED_DATA && bytes[typeEnd] === EXPLICIT_CONTENT;
}
