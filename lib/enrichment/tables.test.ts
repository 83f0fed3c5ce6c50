import { describe, expect, it } from 'vitest';
import { parseAddress, parsePrefix } from './address-number';
import { PrefixTable } from './prefix-table';
import { RangeTableBuilder, valueAt } from './range-table';

function prefixes(entries: Record<string, string>): PrefixTable<string> {
  return new PrefixTable(
    Object.entries(entries).flatMap(([text, value]) => {
      const prefix = parsePrefix(text);
      return prefix ? [[prefix, value] as const] : [];
    }),
  );
}

const find = (table: PrefixTable<string>, text: string) => {
  const address = parseAddress(text);
  return address && table.find(address);
};

describe('ranges by prefix', () => {
  const table = prefixes({
    '10.0.0.0/8': 'wide',
    '10.1.0.0/16': 'narrow',
    '10.1.2.3': 'one',
    '2001:db8::/32': 'wide6',
    '2001:db8:1::/48': 'narrow6',
  });

  it.each([
    ['10.2.0.1', 'wide'],
    ['10.1.9.9', 'narrow'],
    ['10.1.2.3', 'one'],
    ['11.0.0.1', undefined],
    ['2001:db8:2::1', 'wide6'],
    ['2001:db8:1:ffff::1', 'narrow6'],
    ['2001:db9::1', undefined],
    ['::', undefined],
  ])('the narrowest that holds %s is %s', (address, expected) => {
    expect(find(table, address)).toBe(expected);
  });

  it('may be everything, of one family', () => {
    const all = prefixes({ '0.0.0.0/0': 'four' });
    expect(find(all, '255.1.2.3')).toBe('four');
    expect(find(all, '::1')).toBeUndefined();
  });

  it('are told apart in the highest bit', () => {
    expect(find(prefixes({ '192.0.0.0/2': 'high' }), '193.0.0.1')).toBe('high');
  });
});

describe('ranges in their order', () => {
  function table(ranges: readonly [first: number, last: number, value: number][], space = 2 ** 32) {
    const builder = new RangeTableBuilder(space);
    for (const range of ranges) builder.add(...range);
    const { starts, values } = builder.finish();
    return { starts: Uint32Array.from(starts), values: Uint16Array.from(values) };
  }

  it('have gaps in which nothing is known', () => {
    const found = table([
      [10, 19, 1],
      [30, 39, 2],
    ]);
    expect([0, 9, 10, 19, 20, 29, 30, 39, 40, 0xffff_ffff].map((key) => valueAt(found, key))).toEqual([
      0, 0, 1, 1, 0, 0, 2, 2, 0, 0,
    ]);
  });

  it('are one where neighbours say the same, and cut where they overlap an earlier one', () => {
    const found = table([
      [0, 9, 1],
      [10, 19, 1],
      [15, 24, 2],
      [16, 18, 3],
    ]);
    expect([...found.starts]).toEqual([0, 20, 25]);
    expect([...found.values]).toEqual([1, 2, 0]);
  });

  it('may reach the end of the space', () => {
    const found = table([[5, 0xffff_ffff, 7]]);
    expect([4, 5, 0xffff_ffff].map((key) => valueAt(found, key))).toEqual([0, 7, 7]);
  });

  it('may be none', () => {
    expect(valueAt(table([]), 5)).toBe(0);
    expect(valueAt({ starts: new Uint32Array(), values: new Uint16Array() }, 5)).toBe(0);
  });
});
