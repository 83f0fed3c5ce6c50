/** Starts of ranges: IPv4 addresses as they are, IPv6 addresses by their /48. */
export type Starts = Uint32Array | Float64Array;
/** What is known of ranges; 0 where nothing is. */
export type Values = Uint16Array | Uint32Array;

/** Ranges that cover the whole space: each ends where the next one starts. */
export interface RangeTable {
  readonly starts: Starts;
  readonly values: Values;
}

/** Where an IPv6 address stands among the starts: its /48, which is as much as is kept of it anywhere. */
export function ipv6Key(value: bigint): number {
  return Number(value >> 80n);
}

/** The value of the range that holds `key`; 0 where there is none. */
export function valueAt({ starts, values }: RangeTable, key: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= key) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : (values[low - 1] ?? 0);
}

/** Collects ranges, given in their order, into a table. What overlaps an earlier range is cut, equal neighbours are one. */
export class RangeTableBuilder {
  readonly #starts: number[] = [];
  readonly #values: number[] = [];
  readonly #space: number;
  #next = 0;

  /** `space` is the number of keys that there are. */
  constructor(space: number) {
    this.#space = space;
  }

  /** Adds a range, its last key included. */
  add(first: number, last: number, value: number): void {
    const start = Math.max(first, this.#next);
    if (start > last) return;
    if (start > this.#next) this.#push(this.#next, 0);
    this.#push(start, value);
    this.#next = last + 1;
  }

  /** Every range so far; behind the last one nothing is known. */
  finish(): { starts: readonly number[]; values: readonly number[] } {
    if (this.#next < this.#space) this.#push(this.#next, 0);
    return { starts: this.#starts, values: this.#values };
  }

  #push(start: number, value: number): void {
    if (this.#values.length > 0 && this.#values.at(-1) === value) return;
    this.#starts.push(start);
    this.#values.push(value);
  }
}
