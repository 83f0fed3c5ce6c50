import { hashKey, KEY_WORDS } from './key';

/** Words of an entry: its key, then its id. */
const ENTRY_WORDS = 2 * KEY_WORDS;
const LEAST_ENTRIES = 1 << 10;
const SCOPE_BITS = 0xf;

/**
 * Entries in typed arrays, found by scope and key: 44 bytes each and a hash table of half load, so that a million take
 * 54 MB and nothing for the garbage collector to walk. An index holds until its entry is removed.
 */
export class EntryTable {
  #words = new Uint32Array(0);
  #meta = new Uint32Array(0);
  /** When an entry ends; NaN where there is none. */
  #ends = new Float64Array(0);
  /** Indices plus one, by hash, with linear probing; 0 for none. */
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
    return [this.#words, this.#meta, this.#ends, this.#slots].reduce(
      (sum, { byteLength }) => sum + byteLength,
      0,
    );
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
    return this.#meta[index] ?? 0;
  }

  endsAtMs(index: number): number {
    return this.#ends[index] ?? Number.NaN;
  }

  /** The slot at which a key's entries begin; pass it to `next`. */
  start(scope: number, key: Uint32Array): number {
    return hashKey(scope, key, 0) & (this.#slots.length - 1);
  }

  /** The slot of the next entry of this scope and key, from `slot` on; -1 where there is none. */
  next(slot: number, scope: number, key: Uint32Array): number {
    const last = this.#slots.length - 1;
    for (let at = slot; ; at = (at + 1) & last) {
      const taken = this.#slots[at] ?? 0;
      if (taken === 0) return -1;
      if (this.#isOf(taken - 1, scope, key)) return at;
    }
  }

  /** The entry in a slot. */
  at(slot: number): number {
    return (this.#slots[slot] ?? 0) - 1;
  }

  /** The slot behind another one. */
  after(slot: number): number {
    return (slot + 1) & (this.#slots.length - 1);
  }

  add(key: Uint32Array, id: Uint32Array, meta: number, endsAtMs: number): void {
    const index = this.#take();
    this.#words.set(key, index * ENTRY_WORDS);
    this.#words.set(id, this.idAt(index));
    this.#meta[index] = meta;
    this.#ends[index] = endsAtMs;
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
    this.#ends[index] = Number.NaN;
    this.#words[index * ENTRY_WORDS] = this.#free;
    this.#free = index + 1;
    this.#size -= 1;
  }

  /** Removes every entry that ended, each of which `onRemoved` is told just before. */
  removeEnded(nowMs: number, onRemoved: (index: number) => void): void {
    for (let index = 0; index < this.#used; index++) {
      // Nothing compares with the NaN of an entry that is gone.
      if (!((this.#ends[index] ?? 0) <= nowMs)) continue;
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

  #home(index: number): number {
    return (
      hashKey(this.meta(index) & SCOPE_BITS, this.#words, index * ENTRY_WORDS) & (this.#slots.length - 1)
    );
  }

  #place(index: number): void {
    const last = this.#slots.length - 1;
    let at = this.#home(index);
    while (this.#slots[at] !== 0) at = (at + 1) & last;
    this.#slots[at] = index + 1;
  }

  #take(): number {
    if (this.#free > 0) {
      const index = this.#free - 1;
      this.#free = this.#words[index * ENTRY_WORDS] ?? 0;
      return index;
    }
    if (this.#used === this.#meta.length) this.#resize(this.#meta.length * 2);
    return this.#used++;
  }

  #resize(capacity: number): void {
    const words = new Uint32Array(capacity * ENTRY_WORDS);
    const meta = new Uint32Array(capacity);
    const ends = new Float64Array(capacity).fill(Number.NaN);
    words.set(this.#words);
    meta.set(this.#meta);
    ends.set(this.#ends);
    this.#words = words;
    this.#meta = meta;
    this.#ends = ends;
    this.#slots = new Uint32Array(capacity * 2);
    for (let index = 0; index < this.#used; index++) {
      if (!Number.isNaN(this.#ends[index])) this.#place(index);
    }
  }
}
