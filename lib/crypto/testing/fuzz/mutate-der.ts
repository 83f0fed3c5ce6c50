import { type FuzzRandom, mutateBytes } from './random';

/** An element of DER, or of BER, as a tree: identifier bytes with its content or its members. */
interface Node {
  identifier: Buffer;
  children: Node[] | null;
  content: Buffer;
  /** How the length is written where it is not as it should be. */
  length?: 'long' | 'indefinite' | 'wrong';
}

const CONSTRUCTED = 0x20;
const INDEFINITE = 0x80;
const MAX_DEPTH = 24;

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
    return (
      read && [{ identifier, children: read[0], content: Buffer.alloc(0), length: 'indefinite' }, read[1]]
    );
  }
  let length = short;
  if (short >= 0x80) {
    length = 0;
    for (let left = short & 0x7f; left > 0; left--) length = length * 256 + (bytes[at++] ?? 0);
  }
  if (at + length > end) return undefined;
  const content = bytes.subarray(at, at + length);
  const node: Node = { identifier, content, children: null };
  if ((first & CONSTRUCTED) !== 0) node.children = parseAll(bytes, at, at + length, depth + 1)?.[0] ?? null;
  return [node, at + length];
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
  const content = node.children === null ? node.content : Buffer.concat(node.children.map(encode));
  const parts = [node.identifier, encodeLength(content.length, node.length), content];
  if (node.length === 'indefinite') parts.push(Buffer.alloc(2));
  return Buffer.concat(parts);
}

/** Every node with the list that it stands in. */
function* placesOf(siblings: Node[]): Generator<{ siblings: Node[]; index: number; node: Node }> {
  for (const [index, node] of siblings.entries()) {
    yield { siblings, index, node };
    if (node.children !== null) yield* placesOf(node.children);
  }
}

const TAGS = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x17, 0x18, 0x30, 0x31, 0xa0, 0xa3, 0x80,
] as const;

function mutateNode(
  random: FuzzRandom,
  places: ReturnType<typeof placesOf> extends Generator<infer P> ? P[] : never,
) {
  const place = places[random.below(places.length)];
  const other = places[random.below(places.length)];
  if (place === undefined || other === undefined) return;
  const { siblings, index, node } = place;
  switch (random.below(10)) {
    case 0:
      node.identifier = Buffer.from([random.pick(TAGS)]);
      return;
    case 1:
      siblings.splice(index, 1);
      return;
    case 2:
      siblings.splice(index, 0, node);
      return;
    case 3:
      siblings[index] =
        other.node === node ? node : { ...other.node, children: null, content: contentOf(other.node) };
      return;
    case 4:
      siblings.splice(random.below(siblings.length), 0, ...siblings.splice(index, 1));
      return;
    case 5:
      node.length = random.pick(['long', 'indefinite', 'wrong']);
      return;
    case 6:
      node.content = Buffer.concat([Buffer.from([0]), contentOf(node)]);
      node.children = null;
      return;
    case 7:
      node.content = Buffer.alloc(0);
      node.children = null;
      return;
    case 8: {
      // Nested as deep as a reader might follow.
      let inner: Node = { identifier: Buffer.from([0x30]), content: Buffer.alloc(0), children: null };
      for (let depth = 1 + random.below(40); depth > 0; depth--) {
        inner = { identifier: Buffer.from([0x30]), content: Buffer.alloc(0), children: [inner] };
      }
      siblings[index] = inner;
      return;
    }
    default:
      node.content = mutateBytes(random, contentOf(node));
      node.children = null;
  }
}

function contentOf({ children, content }: Node): Buffer {
  return children === null ? content : Buffer.concat(children.map(encode));
}

/** One or two changes of an encoding in DER, or in BER, at the level of its elements, the lengths around them kept right. */
export function mutateDer(random: FuzzRandom, bytes: Uint8Array): Buffer {
  if (random.oneIn(6)) return mutateBytes(random, bytes);
  const buffer = Buffer.from(bytes);
  const [nodes] = parseAll(buffer, 0, buffer.length, 0) ?? [];
  if (nodes === undefined) return mutateBytes(random, bytes);
  for (let changes = random.oneIn(3) ? 2 : 1; changes > 0; changes--)
    mutateNode(random, [...placesOf(nodes)]);
  return Buffer.concat(nodes.map(encode));
}
