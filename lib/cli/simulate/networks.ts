import { type AddressRange, addressIn, type DataSet, rangesOf } from '@/lib/enrichment';
import { ANONYMISERS, HOSTERS, PLACES, type Place } from './places';
import type { Random } from './random';

/** Addresses for simulated phones and scripts. The same randomness gives the same addresses. */
export interface AddressBook {
  /** Of a household or a mobile network. */
  home(random: Random, country: string): string;
  /** Of a server. */
  hosting(random: Random): string;
  /** Of a VPN's or a proxy's exit. */
  anonymiser(random: Random): string;
  /** Of one of the few networks that scripts come from: servers mostly, and exits. */
  script(random: Random): string;
}

/** Share of home addresses that are IPv6, where a network has both. */
const IPV6_SHARE = 0.35;
const SCRIPT_NETWORKS = 24;
/** Scripts use an exit as often as this. */
const SCRIPTS_BEHIND_EXITS = 0.35;
const HOSTS = 2 ** 16;

/**
 * Draws addresses of real networks from the data set, so that countries and kinds of networks are alive; of
 * documentation ranges (RFC 5737, RFC 3849, RFC 2544), which are nobody's, where there is none.
 */
export function createAddressBook(data: DataSet | undefined, random: Random): AddressBook {
  if (data === undefined) return NOBODYS;
  const all = new Set([...HOSTERS, ...ANONYMISERS, ...PLACES.flatMap(({ asns }) => asns)]);
  const ranges = byAsn(rangesOf(data, all));
  const of = (asns: readonly number[]) => asns.flatMap((asn) => ranges.get(asn) ?? []);
  const homes = new Map(PLACES.map((place) => [place.country, homesOf(of(place.asns), place)]));
  const hosters = HOSTERS.map((asn) => new Pool(of([asn]), 4));
  const exits = ANONYMISERS.map((asn) => new Pool(of([asn]), 4));
  const hosting = (by: Random) => drawFrom(hosters, by);
  const anonymiser = (by: Random) => drawFrom(exits, by);
  const scripts = Array.from({ length: SCRIPT_NETWORKS }, () => {
    const address = random.next() < SCRIPTS_BEHIND_EXITS ? anonymiser(random) : hosting(random);
    return address.slice(0, address.lastIndexOf('.'));
  });
  return {
    home: (by, country) => {
      const [v4, v6] = homes.get(country) ?? [];
      const pool = v6 && !v6.isEmpty && by.next() < IPV6_SHARE ? v6 : v4;
      return pool?.draw(by) ?? NOBODYS.home(by, country);
    },
    hosting,
    anonymiser,
    script: (by) => `${scripts[by.integer(scripts.length)]}.${1 + by.integer(254)}`,
  };
}

function byAsn(ranges: readonly AddressRange[]): Map<number, AddressRange[]> {
  const groups = new Map<number, AddressRange[]>();
  for (const range of ranges) {
    const group = groups.get(range.asn);
    if (group === undefined) groups.set(range.asn, [range]);
    else group.push(range);
  }
  return groups;
}

function homesOf(ranges: readonly AddressRange[], { country }: Place): [v4: Pool, v6: Pool] {
  const own = ranges.filter((range) => range.country === country);
  return [new Pool(own, 4), new Pool(own, 6)];
}

function drawFrom(pools: readonly Pool[], random: Random): string {
  return pools[random.integer(pools.length)]?.draw(random) ?? NOBODYS.hosting(random);
}

/** Ranges of one family, each as likely as it is large. */
class Pool {
  readonly #ranges: readonly AddressRange[];
  /** Where each range ends among all keys. */
  readonly #ends: number[] = [];
  readonly #size: number;

  constructor(ranges: readonly AddressRange[], family: 4 | 6) {
    this.#ranges = ranges.filter((range) => range.family === family);
    let size = 0;
    for (const { first, last } of this.#ranges) {
      size += last - first + 1;
      this.#ends.push(size);
    }
    this.#size = size;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  draw(random: Random): string | undefined {
    const place = Math.floor(random.next() * this.#size);
    const index = this.#rangeOf(place);
    const range = this.#ranges[index];
    if (range === undefined) return undefined;
    const key = range.last - ((this.#ends[index] ?? 0) - 1 - place);
    return addressIn(range, key, random.integer(HOSTS));
  }

  /** Index of the first range that ends behind a place among all keys. */
  #rangeOf(place: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] ?? 0) > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

const NOBODYS_SCRIPTS = ['192.0.2', '198.51.100', '203.0.113'] as const;

const NOBODYS: AddressBook = {
  home: (random) =>
    random.next() < 0.45
      ? `198.${18 + random.integer(2)}.${random.integer(256)}.${1 + random.integer(254)}`
      : `2001:db8:${(1 + random.integer(0xfffe)).toString(16)}::${(1 + random.integer(0xfffe)).toString(16)}`,
  hosting: (random) => `${random.pick(NOBODYS_SCRIPTS)}.${1 + random.integer(254)}`,
  anonymiser: (random) => `${random.pick(NOBODYS_SCRIPTS)}.${1 + random.integer(254)}`,
  script: (random) => `${random.pick(NOBODYS_SCRIPTS)}.${1 + random.integer(254)}`,
};
