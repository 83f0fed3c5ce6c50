import { beforeAll, describe, expect, it } from 'vitest';
import { createNetworks, type DataSet, loadDataSet, type Networks } from '@/lib/enrichment';
import { createAddressBook } from './networks';
import { ANONYMISERS, HOSTERS, PLACES } from './places';
import { createRandom } from './random';

let data: DataSet;
let networks: Networks;
beforeAll(async () => {
  data = await loadDataSet();
  networks = createNetworks(data);
});

const draw = (count: number, one: () => string) => Array.from({ length: count }, one);

describe('the addresses of the fleet', () => {
  it.each(PLACES)('are of households and mobile networks in $country', ({ country }) => {
    const random = createRandom(1);
    const book = createAddressBook(data, random);
    const facts = draw(50, () => book.home(random, country)).map((address) => networks.describe(address));
    expect(new Set(facts.map(({ kind }) => kind))).toEqual(new Set(['access']));
    // A range may reach over a border.
    expect(facts.filter((found) => found.country === country).length).toBeGreaterThan(40);
  });

  it('are of servers and exits where that is asked for', () => {
    const random = createRandom(2);
    const book = createAddressBook(data, random);
    const kindOf = (address: string) => networks.describe(address).kind;
    expect(new Set(draw(100, () => book.hosting(random)).map(kindOf))).toEqual(new Set(['hosting']));
    expect(new Set(draw(100, () => book.anonymiser(random)).map(kindOf))).toEqual(new Set(['anonymiser']));
    expect(new Set(draw(300, () => book.script(random)).map(kindOf))).toEqual(
      new Set(['hosting', 'anonymiser']),
    );
  });

  it('are the same for the same seed', () => {
    const all = [7, 7, 8].map((seed) => {
      const random = createRandom(seed);
      const book = createAddressBook(data, random);
      return draw(30, () => `${book.home(random, 'DE')} ${book.script(random)} ${book.hosting(random)}`);
    });
    expect(all[0]).toEqual(all[1]);
    expect(all[0]).not.toEqual(all[2]);
  });

  it('are nobody’s without a data set', () => {
    const random = createRandom(3);
    const book = createAddressBook(undefined, random);
    for (const address of draw(50, () => book.home(random, 'DE'))) {
      expect(networks.describe(address).kind).toBe('unknown');
    }
  });

  it('come from networks that the data set still has', () => {
    const known = new Set(data.asn4.values);
    for (const asn of [...HOSTERS, ...ANONYMISERS, ...PLACES.flatMap(({ asns }) => asns)]) {
      expect(known.has(asn), `AS${asn}`).toBe(true);
    }
  });
});
