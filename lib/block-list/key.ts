import { BLOCK_SCOPES, type BlockScope } from '@/lib/contracts';
import { type NetworkKey, parseNetwork } from './network';

/** Words of 32 bits in a key. */
export const KEY_WORDS = 4;

/** Place of each scope in the order of precedence. */
export const SCOPE_INDEX = Object.fromEntries(BLOCK_SCOPES.map((scope, index) => [scope, index])) as Readonly<
  Record<BlockScope, number>
>;

/** Numbers for texts that are few: versions and apps. A number is never given twice. */
export class Names {
  readonly #numbers = new Map<string, number>();

  /** The number of a text; `undefined` where it never got one. */
  find(text: string): number | undefined {
    return this.#numbers.get(text);
  }

  /** The number of a text, which gets one if it has none. */
  add(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const next = this.#numbers.size + 1;
    this.#numbers.set(text, next);
    return next;
  }
}

/** Writes the network as a key of its own length. */
export function writeNetworkKey(key: Uint32Array, { family, high, low, bits }: NetworkKey): void {
  key[0] = (family << 8) | bits;
  key[1] = high;
  key[2] = low;
  key[3] = 0;
}

/** Writes a single number as a key. */
export function writeNumberKey(key: Uint32Array, number: number): void {
  key[0] = number;
  key[1] = 0;
  key[2] = 0;
  key[3] = 0;
}

const DASH = 45;
const NO_DIGIT = 255;
/** What each character is worth in hexadecimal. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? NO_DIGIT : value;
});
const OCTETS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

/** Writes the first 128 bits of a text in hex, leaving out dashes; says whether there were as many. */
export function writeHexKey(key: Uint32Array, text: string): boolean {
  let digits = 0;
  let word = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DASH) continue;
    const digit = code < 128 ? (DIGITS[code] ?? NO_DIGIT) : NO_DIGIT;
    if (digit === NO_DIGIT) return false;
    word = (word << 4) | digit;
    digits += 1;
    if ((digits & 7) !== 0) continue;
    key[(digits >>> 3) - 1] = word;
    if (digits === 32) return true;
  }
  return false;
}

/** Writes two letters as a key. */
export function writeCountryKey(key: Uint32Array, country: string): void {
  writeNumberKey(key, (country.charCodeAt(0) << 16) | country.charCodeAt(1));
}

/** The text of a UUID that `writeHexKey` wrote, from its first word on. */
export function uuidAt(words: Uint32Array, at: number): string {
  const [a, b, c, d] = [words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0];
  return `${hex32(a)}-${hex16(b >>> 16)}-${hex16(b & 0xffff)}-${hex16(c >>> 16)}-${hex16(c & 0xffff)}${hex32(d)}`;
}

const hex16 = (value: number) => `${OCTETS[value >>> 8]}${OCTETS[value & 255]}`;
const hex32 = (value: number) => hex16(value >>> 16) + hex16(value & 0xffff);

/** How the target of each scope is written as a key; `false` where it is not in its one spelling. */
const WRITE: Readonly<Record<BlockScope, (key: Uint32Array, target: string, names: Names) => boolean>> = {
  instance: writeHexKey,
  hardware: writeHexKey,
  signer: writeHexKey,
  app_version: writeName,
  os_build: writeName,
  app: writeName,
  network: (key, target) => {
    const network = parseNetwork(target);
    if (network === undefined) return false;
    writeNetworkKey(key, network);
    return true;
  },
  asn: (key, target) => {
    writeNumberKey(key, Number(target));
    return /^\d{1,10}$/.test(target);
  },
  country: (key, target) => {
    writeCountryKey(key, target);
    return target.length === 2;
  },
};

function writeName(key: Uint32Array, target: string, names: Names): boolean {
  writeNumberKey(key, names.add(target));
  return true;
}

/** Writes the key of an entry's target; `false` where it cannot be read. */
export function writeTargetKey(key: Uint32Array, scope: BlockScope, target: string, names: Names): boolean {
  return WRITE[scope](key, target, names);
}

/** Length of the prefix that an entry's key is of; 0 for what is no network. */
export function bitsOfKey(scope: BlockScope, key: Uint32Array): number {
  return scope === 'network' ? (key[0] ?? 0) & 63 : 0;
}

/** MurmurHash3's mixing of a scope and a key. */
export function hashKey(scope: number, words: Uint32Array, at: number): number {
  let hash = scope + 1;
  for (let word = at; word < at + KEY_WORDS; word++) {
    let mixed = Math.imul(words[word] ?? 0, 0xcc9e2d51);
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    hash ^= mixed;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
