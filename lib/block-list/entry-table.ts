import { hashKey, KEY_WORDS } from './key';

/**
 * Words of an entry: its key, its id, what else it is, one that is free, and as the last two a double for when it ends. All
 * of it together, because memory that is far apart is what a look-up waits for.
 */
const ENTRY_WORDS = 12;
const META_WORD = 8;
const ENTRY_DOUBLES = ENTRY_WORDS / 2;
const END_DOUBLE = 5;
const LEAST_ENTRIES = 1 << 10;
const SCOPE_BITS = 0xf;
/** A slot is the index plus one, and above it eight bits of the hash, so that what is not there is rarely looked at. */
const INDEX_BITS = 0xff_ffff;
const TAG_BITS = 0xff00_0000;
/** As many as a slot can name. */
const MOST_ENTRIES = 1 << 23;

/**
 * Entries in typed arrays, found by scope and key: 48 bytes each and a hash table of half load, so that a million take
 * 58 MB and nothing for the garbage collector to walk. An index holds until its entry is removed. There is room for 8 million.
 */
export class EntryTable {
  #words = new Uint32Array(0);
  /** The same memory as doubles. The end of an entry that is gone is NaN. */
  #doubles = new Float64Array(0);
  #capacity = 0;
  /** By hash, with linear probing; 0 for none. */
  #slots = new Uint32Array(0);
  #used = 0;
  /** First of the indices that became free, each holding the next one plus one. */
  #free = 0;
  #size = 0;

  constructor(expected: number) {
    let capacity = LEAST_ENTRIES;
    while (capacity < expected) capacity *= 2;
    this.#resize(capacity);
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#words.byteLength + this.#slots.byteLength;
  }

  get words(): Uint32Array {
    return this.#words;
  }

  /** Where an entry's id stands in `words`. */
  idAt(index: number): number {
    return index * ENTRY_WORDS + KEY_WORDS;
  }

  /** What an entry is besides its key; the lowest four bits are its scope. */
  meta(index: number): number {
    return this.#words[index * ENTRY_WORDS + META_WORD] ?? 0;
  }

  endsAtMs(index: number): number {
    return this.#doubles[index * ENTRY_DOUBLES + END_DOUBLE] ?? Number.NaN;
  }

  /** The slot of the first entry of this scope and key; -1 where there is none. */
  first(scope: number, key: Uint32Array): number {
    const hash = hashKey(scope, key, 0);
    return this.#find(hash & (this.#slots.length - 1), hash, scope, key);
  }

  /** The slot of the next one behind another. */
  next(slot: number, scope: number, key: Uint32Array): number {
    return this.#find((slot + 1) & (this.#slots.length - 1), hashKey(scope, key, 0), scope, key);
  }

  #find(from: number, hash: number, scope: number, key: Uint32Array): number {
    const last = this.#slots.length - 1;
    const tag = (hash & TAG_BITS) >>> 0;
    for (let at = from; ; at = (at + 1) & last) {
      const taken = this.#slots[at] ?? 0;
      if (taken === 0) return -1;
      if ((taken & TAG_BITS) >>> 0 === tag && this.#isOf((taken & INDEX_BITS) - 1, scope, key)) return at;
    }
  }

  /** The entry in a slot. */
  at(slot: number): number {
    return ((this.#slots[slot] ?? 0) & INDEX_BITS) - 1;
  }

  add(key: Uint32Array, id: Uint32Array, meta: number, endsAtMs: number): void {
    const index = this.#take();
    this.#words.set(key, index * ENTRY_WORDS);
    this.#words.set(id, this.idAt(index));
    this.#words[index * ENTRY_WORDS + META_WORD] = meta;
    this.#doubles[index * ENTRY_DOUBLES + END_DOUBLE] = endsAtMs;
    this.#place(index);
    this.#size += 1;
  }

  /** Takes the entry in a slot out, and moves those behind it up, so that none is hidden by a gap. */
  remove(slot: number): void {
    const index = this.at(slot);
    const last = this.#slots.length - 1;
    let hole = slot;
    for (let at = (slot + 1) & last; this.#slots[at] !== 0; at = (at + 1) & last) {
      const home = this.#home(this.at(at));
      // It may move into the hole where its home does not lie between the two.
      if (((at - home) & last) < ((at - hole) & last)) continue;
      this.#slots[hole] = this.#slots[at] ?? 0;
      hole = at;
    }
    this.#slots[hole] = 0;
    this.#doubles[index * ENTRY_DOUBLES + END_DOUBLE] = Number.NaN;
    this.#words[index * ENTRY_WORDS] = this.#free;
    this.#free = index + 1;
    this.#size -= 1;
  }

  /** Removes every entry that ended, each of which `onRemoved` is told just before. */
  removeEnded(nowMs: number, onRemoved: (index: number) => void): void {
    for (let index = 0; index < this.#used; index++) {
      // Nothing compares with the NaN of an entry that is gone.
      if (!(this.endsAtMs(index) <= nowMs)) continue;
      onRemoved(index);
      this.remove(this.#slotOf(index));
    }
  }

  #slotOf(index: number): number {
    const last = this.#slots.length - 1;
    for (let at = this.#home(index); ; at = (at + 1) & last) if (this.at(at) === index) return at;
  }

  #isOf(index: number, scope: number, key: Uint32Array): boolean {
    const at = index * ENTRY_WORDS;
    return (
      this.#words[at] === key[0] &&
      this.#words[at + 1] === key[1] &&
      this.#words[at + 2] === key[2] &&
      this.#words[at + 3] === key[3] &&
      (this.meta(index) & SCOPE_BITS) === scope
    );
  }

  #hash(index: number): number {
    return hashKey(this.meta(index) & SCOPE_BITS, this.#words, index * ENTRY_WORDS);
  }

  #home(index: number): number {
    return this.#hash(index) & (this.#slots.length - 1);
  }

  #place(index: number): void {
    const last = this.#slots.length - 1;
    const hash = this.#hash(index);
    let at = hash & last;
    while (this.#slots[at] !== 0) at = (at + 1) & last;
    this.#slots[at] = ((hash & TAG_BITS) | (index + 1)) >>> 0;
  }

  #take(): number {
    if (this.#free > 0) {
      const index = this.#free - 1;
      this.#free = this.#words[index * ENTRY_WORDS] ?? 0;
      return index;
    }
    if (this.#used === this.#capacity) this.#resize(this.#capacity * 2);
    return this.#used++;
  }

  #resize(capacity: number): void {
    if (capacity > MOST_ENTRIES) throw new RangeError(`No more than ${MOST_ENTRIES} blocks can be held.`);
    const words = new Uint32Array(capacity * ENTRY_WORDS);
    words.set(this.#words);
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
    this.#capacity = capacity;
    this.#slots = new Uint32Array(capacity * 2);
    for (let index = 0; index < this.#used; index++) {
      if (!Number.isNaN(this.endsAtMs(index))) this.#place(index);
    }
  }
}
