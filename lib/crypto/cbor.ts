import { type DecodeOptions, decodeFirst, type Token, Tokenizer } from 'cborg';
import { decodeUtf8 } from './der-values';

/** What strict CBOR decodes to; maps keep their keys' types. */
export type CborValue =
  | number
  | bigint
  | string
  | boolean
  | null
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<CborValue, CborValue>;

/** Largest item, in bytes, and deepest nesting that is looked at. */
export const MAX_CBOR_BYTES = 16 * 1024;
export const MAX_CBOR_DEPTH = 8;

const OPTIONS: DecodeOptions = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: true,
  useMaps: true,
  rejectDuplicateMapKeys: true,
  retainStringBytes: true,
};

/** Whether text is what its bytes say: the decoder drops byte order marks and replaces what is no UTF-8. */
function isFaithful({ type, value, byteValue }: Token): boolean {
  return type.name !== 'string' || (byteValue !== undefined && decodeUtf8(byteValue) === value);
}

/** Refuses what the decoder would repair, and nesting before it recurses into it. */
class StrictTokenizer extends Tokenizer {
  /** Items still to come in each open array or map. */
  readonly #open: number[] = [];

  override next(): Token {
    while (this.#open.at(-1) === 0) this.#open.pop();
    const last = this.#open.length - 1;
    if (last >= 0) this.#open[last] = (this.#open[last] ?? 0) - 1;
    const token = super.next();
    if (!isFaithful(token)) throw new TypeError('CBOR text is not plain UTF-8');
    const { name } = token.type;
    if (name !== 'array' && name !== 'map') return token;
    const count = typeof token.value === 'number' ? token.value : 0;
    this.#open.push(name === 'map' ? 2 * count : count);
    if (this.#open.length > MAX_CBOR_DEPTH) throw new RangeError('CBOR is nested too deeply');
    return token;
  }
}

/**
 * Decodes the first item (RFC 8949): definite, minimal lengths, no tags, no duplicate keys, text in UTF-8 without byte
 * order mark, capped in size and depth. `undefined` for anything else; `rest` is what follows the item.
 */
export function decodeFirstCbor(bytes: Uint8Array): { value: CborValue; rest: Uint8Array } | undefined {
  if (bytes.length === 0 || bytes.length > MAX_CBOR_BYTES) return undefined;
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const tokenizer = new StrictTokenizer(plain, OPTIONS);
    const [value, rest] = decodeFirst(plain, { ...OPTIONS, tokenizer });
    return { value, rest };
  } catch {
    return undefined;
  }
}

/** Decodes exactly one item, as `decodeFirstCbor`; trailing bytes make it `undefined`. */
export function decodeCbor(bytes: Uint8Array): CborValue | undefined {
  const first = decodeFirstCbor(bytes);
  return first?.rest.length === 0 ? first.value : undefined;
}

/** The value as a map, if it is one. */
export function asCborMap(value: CborValue | undefined): ReadonlyMap<CborValue, CborValue> | undefined {
  return value instanceof Map ? value : undefined;
}

/** The value as a byte string, if it is one. */
export function asCborBytes(value: CborValue | undefined): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

/** Whether a map has exactly these keys. */
export function hasExactKeys(map: ReadonlyMap<CborValue, CborValue>, keys: readonly CborValue[]): boolean {
  return map.size === keys.length && keys.every((key) => map.has(key));
}
