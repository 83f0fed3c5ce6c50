import { type FuzzRandom, mutateBytes } from './random';

/** A CBOR item as a tree, as far as attestation objects use it. */
export interface CborNode {
  /** Major type, 0 to 7. */
  major: number;
  /** Value, length or number of members. */
  argument: number;
  content: Buffer;
  /** Members of an array, or keys and values of a map in turn. */
  children: CborNode[];
  /** How the head is written where it is not as it should be. */
  head?: 'long' | 'indefinite' | 'wrong';
}

/** Reads one definite item; `undefined` for what it does not know. */
export function parseCbor(bytes: Buffer, at = 0): [CborNode, number] | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const major = first >> 5;
  const info = first & 0x1f;
  let next = at + 1;
  let argument = info;
  if (info >= 24) {
    if (info > 26) return undefined;
    const size = 1 << (info - 24);
    if (next + size > bytes.length) return undefined;
    argument = bytes.readUIntBE(next, size);
    next += size;
  }
  const node: CborNode = { major, argument, content: Buffer.alloc(0), children: [] };
  if (major === 2 || major === 3) {
    if (next + argument > bytes.length) return undefined;
    node.content = bytes.subarray(next, next + argument);
    return [node, next + argument];
  }
  const members = major === 4 ? argument : major === 5 ? argument * 2 : 0;
  if (members > 64) return undefined;
  for (let index = 0; index < members; index++) {
    const read = parseCbor(bytes, next);
    if (read === undefined) return undefined;
    node.children.push(read[0]);
    next = read[1];
  }
  return [node, next];
}

function encodeHead(major: number, argument: number, how: CborNode['head']): Buffer {
  if (how === 'indefinite') return Buffer.from([(major << 5) | 31]);
  const stated = how === 'wrong' ? argument + 1 : argument;
  if (how === 'long') {
    const head = Buffer.from([(major << 5) | 26, 0, 0, 0, 0]);
    head.writeUInt32BE(stated, 1);
    return head;
  }
  if (stated < 24) return Buffer.from([(major << 5) | stated]);
  if (stated < 256) return Buffer.from([(major << 5) | 24, stated]);
  if (stated < 65_536) return Buffer.from([(major << 5) | 25, stated >> 8, stated & 0xff]);
  const head = Buffer.from([(major << 5) | 26, 0, 0, 0, 0]);
  head.writeUInt32BE(stated, 1);
  return head;
}

function encode(node: CborNode): Buffer {
  const { major, content, children } = node;
  const isBytes = major === 2 || major === 3;
  const argument = isBytes
    ? content.length
    : major === 4
      ? children.length
      : major === 5
        ? Math.floor(children.length / 2)
        : node.argument;
  const parts = [encodeHead(major, argument, node.head), ...(isBytes ? [content] : children.map(encode))];
  if (node.head === 'indefinite') parts.push(Buffer.from([0xff]));
  return Buffer.concat(parts);
}

function* allOf(node: CborNode): Generator<CborNode> {
  yield node;
  for (const child of node.children) yield* allOf(child);
}

/** How the content of a byte string may be changed by somebody who knows what is in it. */
export type MutateContent = (random: FuzzRandom, content: Buffer) => Buffer;

function mutateNode(random: FuzzRandom, nodes: CborNode[], mutateContent: MutateContent): void {
  const node = nodes[random.below(nodes.length)];
  const other = nodes[random.below(nodes.length)];
  if (node === undefined || other === undefined) return;
  switch (random.below(9)) {
    case 0:
      node.major = random.below(8);
      return;
    case 1:
      node.head = random.pick(['long', 'indefinite', 'wrong']);
      return;
    case 2:
      node.children.splice(random.below(node.children.length + 1), 0, structuredClone(other));
      return;
    case 3:
      node.children.splice(random.below(node.children.length), 1);
      return;
    case 4:
      // A key twice, with another value the second time.
      if (node.children.length >= 2)
        node.children.push(structuredClone(node.children[0] ?? other), structuredClone(other));
      return;
    case 5:
      node.argument = random.below(2 ** 31);
      return;
    case 6: {
      let inner: CborNode = { major: 4, argument: 0, content: Buffer.alloc(0), children: [] };
      for (let depth = 1 + random.below(60); depth > 0; depth--) {
        inner = { major: 4, argument: 1, content: Buffer.alloc(0), children: [inner] };
      }
      node.children.push(inner);
      return;
    }
    default:
      node.content = mutateContent(random, Buffer.from(node.content));
  }
}

/** One or two changes of a CBOR item at the level of its items, the lengths around them kept right. */
export function mutateCbor(
  random: FuzzRandom,
  bytes: Uint8Array,
  mutateContent: MutateContent = mutateBytes,
): Buffer {
  if (random.oneIn(6)) return mutateBytes(random, bytes);
  const read = parseCbor(Buffer.from(bytes));
  if (read === undefined) return mutateBytes(random, bytes);
  const [root] = read;
  for (let changes = random.oneIn(3) ? 2 : 1; changes > 0; changes--) {
    const nodes: CborNode[] = [];
    for (const node of allOf(root)) {
      nodes.push(node);
      if (nodes.length > 2_000) break;
    }
    mutateNode(random, nodes, mutateContent);
  }
  return encode(root);
}
