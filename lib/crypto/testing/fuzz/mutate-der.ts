import { type FuzzRandom, mutateBytes } from './random';

/** An element of DER, or of BER, as a tree: identifier bytes with its content or its members. */
interface Node {
  identifier: Buffer;
  children: Node[] | null;
  content: Buffer;
  /** How the length is written where it is not as it should be. */
  length?: 'long' | 'indefinite' | 'wrong' | undefined;
  /** Its encoding, while nothing in it is changed: so is most of it, and need not be encoded again. */
  encoded: Buffer | null;
  parent: Node | null;
}

const CONSTRUCTED = 0x20;
const INDEFINITE = 0x80;
const MAX_DEPTH = 24;

const EMPTY = Buffer.alloc(0);
const SEQUENCE = Buffer.from([0x30]);

function node(
  identifier: Buffer,
  content: Buffer,
  children: Node[] | null = null,
  length?: Node['length'],
  encoded: Buffer | null = null,
): Node {
  return { identifier, content, children, length, encoded, parent: null };
}

/** Reads leniently what a strict encoder wrote; `undefined` where it is something else. */
function parse(bytes: Buffer, from: number, end: number, depth: number): [Node, number] | undefined {
  let at = from;
  const first = bytes[at];
  if (first === undefined || at >= end || depth > MAX_DEPTH) return undefined;
  at += 1;
  if ((first & 0x1f) === 0x1f) {
    while (at < end && ((bytes[at] ?? 0) & 0x80) !== 0) at += 1;
    at += 1;
  }
  const identifier = bytes.subarray(from, at);
  const short = bytes[at] ?? 0;
  at += 1;
  if (short === INDEFINITE && (first & CONSTRUCTED) !== 0) {
    const read = parseAll(bytes, at, end, depth + 1, true);
    if (read === undefined) return undefined;
    return [node(identifier, EMPTY, read[0], 'indefinite', bytes.subarray(from, read[1])), read[1]];
  }
  let length = short;
  if (short >= 0x80) {
    length = 0;
    for (let left = short & 0x7f; left > 0; left--) length = length * 256 + (bytes[at++] ?? 0);
  }
  if (at + length > end) return undefined;
  const content = bytes.subarray(at, at + length);
  const children =
    (first & CONSTRUCTED) === 0 ? null : (parseAll(bytes, at, at + length, depth + 1)?.[0] ?? null);
  return [node(identifier, content, children, undefined, bytes.subarray(from, at + length)), at + length];
}

/** Elements up to the end, or up to two zeros that end what has no length; with where they end. */
function parseAll(
  bytes: Buffer,
  from: number,
  end: number,
  depth: number,
  untilZeros = false,
): [Node[], number] | undefined {
  const nodes: Node[] = [];
  let at = from;
  while (at < end && !(untilZeros && bytes[at] === 0 && bytes[at + 1] === 0)) {
    const read = parse(bytes, at, end, depth);
    if (read === undefined) return undefined;
    nodes.push(read[0]);
    at = read[1];
  }
  if (!untilZeros) return [nodes, at];
  return at + 2 <= end ? [nodes, at + 2] : undefined;
}

function encodeLength(length: number, how: Node['length']): Buffer {
  if (how === 'indefinite') return Buffer.from([0x80]);
  const stated = how === 'wrong' ? length + 1 : length;
  if (how === 'long') return Buffer.from([0x83, (stated >> 16) & 0xff, (stated >> 8) & 0xff, stated & 0xff]);
  if (stated < 0x80) return Buffer.from([stated]);
  if (stated < 0x100) return Buffer.from([0x81, stated]);
  return Buffer.from([0x82, (stated >> 8) & 0xff, stated & 0xff]);
}

function encode(node: Node): Buffer {
  if (node.encoded !== null) return node.encoded;
  const content = contentOf(node);
  const parts = [node.identifier, encodeLength(content.length, node.length), content];
  if (node.length === 'indefinite') parts.push(Buffer.alloc(2));
  return Buffer.concat(parts);
}

/** A copy that may be changed, under its parent. */
function copy({ identifier, content, children, length, encoded }: Node, parent: Node | null): Node {
  const copied: Node = { identifier, content, children: null, length, encoded, parent };
  if (children !== null) copied.children = children.map((child) => copy(child, copied));
  return copied;
}

/** An element, or its members, are about to be others: neither it nor what it stands in is encoded as before. */
function touch(changed: Node | null): void {
  for (let node = changed; node !== null; node = node.parent) node.encoded = null;
}

/** An element, and where it stands. */
interface Place {
  readonly siblings: Node[];
  readonly index: number;
  readonly node: Node;
}

/** Every element with the list that it stands in, outermost first. */
function placesOf(siblings: Node[], places: Place[] = []): Place[] {
  for (const [index, node] of siblings.entries()) {
    places.push({ siblings, index, node });
    if (node.children !== null) placesOf(node.children, places);
  }
  return places;
}

const TAGS = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x17, 0x18, 0x30, 0x31, 0xa0, 0xa3, 0x80,
] as const;

function mutateNode(random: FuzzRandom, places: readonly Place[]): void {
  const place = places[random.below(places.length)];
  const other = places[random.below(places.length)];
  if (place === undefined || other === undefined) return;
  const { siblings, index, node: chosen } = place;
  touch(chosen);
  switch (random.below(10)) {
    case 0:
      chosen.identifier = Buffer.from([random.pick(TAGS)]);
      return;
    case 1:
      siblings.splice(index, 1);
      return;
    case 2:
      siblings.splice(index, 0, chosen);
      return;
    case 3:
      siblings[index] =
        other.node === chosen
          ? chosen
          : node(other.node.identifier, contentOf(other.node), null, other.node.length);
      return;
    case 4:
      siblings.splice(random.below(siblings.length), 0, ...siblings.splice(index, 1));
      return;
    case 5:
      chosen.length = random.pick(['long', 'indefinite', 'wrong']);
      return;
    case 6:
      chosen.content = Buffer.concat([Buffer.from([0]), contentOf(chosen)]);
      chosen.children = null;
      return;
    case 7:
      chosen.content = Buffer.alloc(0);
      chosen.children = null;
      return;
    case 8: {
      // Nested as deep as a reader might follow.
      let inner = node(SEQUENCE, EMPTY);
      for (let depth = 1 + random.below(40); depth > 0; depth--) {
        inner = node(SEQUENCE, EMPTY, [inner]);
      }
      siblings[index] = inner;
      return;
    }
    default:
      chosen.content = mutateBytes(random, contentOf(chosen));
      chosen.children = null;
  }
}

function contentOf({ children, content }: Node): Buffer {
  return children === null ? content : Buffer.concat(children.map(encode));
}

/**
 * Makes one or two changes of an encoding in DER, or in BER, at the level of its elements, the lengths around them kept
 * right. It is read once, for all inputs that are made of it.
 */
export function derMutator(bytes: Uint8Array): (random: FuzzRandom) => Buffer {
  const buffer = Buffer.from(bytes);
  const [original] = parseAll(buffer, 0, buffer.length, 0) ?? [];
  return (random) => {
    if (random.oneIn(6) || original === undefined) return mutateBytes(random, bytes);
    const nodes = original.map((element) => copy(element, null));
    for (let changes = random.oneIn(3) ? 2 : 1; changes > 0; changes--) mutateNode(random, placesOf(nodes));
    return Buffer.concat(nodes.map(encode));
  };
}

/** An encoding with one or two changes, as `derMutator` makes them. */
export function mutateDer(random: FuzzRandom, bytes: Uint8Array): Buffer {
  return derMutator(bytes)(random);
}
