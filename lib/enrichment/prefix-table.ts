import type { AddressNumber, Prefix } from './address-number';

/** What is known of some ranges of addresses: the narrowest range that holds an address speaks for it. */
export class PrefixTable<Value> {
  /** By length, longest first; keys are the bits that addresses share. */
  readonly #v4: [bits: number, values: Map<number, Value>][];
  readonly #v6: [bits: number, values: Map<bigint, Value>][];

  constructor(entries: readonly (readonly [Prefix, Value])[]) {
    const v4 = new Map<number, Map<number, Value>>();
    const v6 = new Map<number, Map<bigint, Value>>();
    for (const [{ address, bits }, value] of entries) {
      if (address.family === 4) valuesOf(v4, bits).set(sharedBits4(address.value, bits), value);
      else valuesOf(v6, bits).set(sharedBits6(address.value, bits), value);
    }
    this.#v4 = [...v4].sort(([a], [b]) => b - a);
    this.#v6 = [...v6].sort(([a], [b]) => b - a);
  }

  find(address: AddressNumber): Value | undefined {
    if (address.family === 4) {
      for (const [bits, values] of this.#v4) {
        const found = values.get(sharedBits4(address.value, bits));
        if (found !== undefined) return found;
      }
      return undefined;
    }
    for (const [bits, values] of this.#v6) {
      const found = values.get(sharedBits6(address.value, bits));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function valuesOf<Key, Value>(tables: Map<number, Map<Key, Value>>, bits: number): Map<Key, Value> {
  const known = tables.get(bits);
  if (known !== undefined) return known;
  const made = new Map<Key, Value>();
  tables.set(bits, made);
  return made;
}

/** A shift by 32 would shift by none. */
function sharedBits4(value: number, bits: number): number {
  return bits === 0 ? 0 : value >>> (32 - bits);
}

function sharedBits6(value: bigint, bits: number): bigint {
  return value >> BigInt(128 - bits);
}
