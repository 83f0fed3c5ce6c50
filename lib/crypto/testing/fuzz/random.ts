/** A seeded source of draws (mulberry32): the same seed gives the same inputs, on every machine. */
export class FuzzRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to below 2^32. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    return end <= 1 ? 0 : this.#next() % end;
  }

  /** One of these. */
  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; at++) bytes[at] = this.#next() & 0xff;
    return bytes;
  }

  /** Whether something happens that does so once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }
}

/** Flips, cuts, inserts, doubles or overwrites without regard to structure. */
export function mutateBytes(random: FuzzRandom, bytes: Uint8Array): Buffer {
  const at = random.below(bytes.length + 1);
  const copy = Buffer.from(bytes);
  switch (random.below(5)) {
    case 0:
      if (copy.length > 0) {
        const place = random.below(copy.length);
        copy[place] = (copy[place] ?? 0) ^ (1 << random.below(8));
      }
      return copy;
    case 1:
      return copy.subarray(0, at);
    case 2:
      return Buffer.concat([copy.subarray(0, at), random.bytes(1 + random.below(8)), copy.subarray(at)]);
    case 3:
      return Buffer.concat([copy, copy.subarray(at)]);
    default:
      copy.set(random.bytes(Math.min(4, copy.length - Math.min(at, copy.length))), Math.min(at, copy.length));
      return copy;
  }
}
