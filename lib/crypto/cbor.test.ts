import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeCbor,
  decodeFirstCbor,
  hasExactKeys,
  MAX_CBOR_BYTES,
  MAX_CBOR_DEPTH,
  p256PointOfCose,
} from './index';

const decode = (hex: string) => decodeCbor(Buffer.from(hex, 'hex'));

describe('strict CBOR', () => {
  it('gives values, and maps with the types of their keys', () => {
    expect(decode('a2016161622001')).toBeUndefined();
    expect(decode('a201616162f5')).toBeUndefined();
    expect(decode('a2016161616202')).toEqual(
      new Map<unknown, unknown>([
        [1, 'a'],
        ['b', 2],
      ]),
    );
  });

  it.each([
    ['nothing', ''],
    ['trailing bytes', '0100'],
    ['a duplicate key', 'a201010102'],
    ['an indefinite map', 'bf0101ff'],
    ['an indefinite byte string', '5f4101ff'],
    ['a length that is not minimal', '590001ff'],
    ['an integer that is not minimal', '1801'],
    ['a tag', 'c24101'],
    ['undefined', 'f7'],
    ['not a number', 'f97e00'],
    ['infinity', 'f97c00'],
    ['a cut string', '6261'],
    ['a break alone', 'ff'],
    ['a huge array', '9bffffffffffffffff'],
    ['text that is no UTF-8', '61ff'],
    ['a key that a byte order mark sets apart', 'a164efbbbf6100'],
  ])('refuses %s', (_what, hex) => {
    expect(decode(hex)).toBeUndefined();
  });

  it('stops at the largest depth and size', () => {
    expect(decode(`${'81'.repeat(MAX_CBOR_DEPTH)}01`)).toBeDefined();
    expect(decode(`${'81'.repeat(MAX_CBOR_DEPTH + 1)}01`)).toBeUndefined();
    expect(decode(`${'81'.repeat(10_000)}01`)).toBeUndefined();
    expect(decode('818181018181')).toBeUndefined();
    expect(decodeCbor(Buffer.alloc(MAX_CBOR_BYTES + 1))).toBeUndefined();
  });

  it('counts depth, not items', () => {
    expect(decode(`98${(40).toString(16)}${'8101'.repeat(40)}`)).toHaveLength(40);
  });

  it('leaves what follows the first item', () => {
    expect(decodeFirstCbor(Buffer.from('0102', 'hex'))).toMatchObject({ value: 1, rest: { length: 1 } });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 128 }), (bytes) => {
        expect(() => decodeFirstCbor(bytes)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});

describe('COSE keys', () => {
  const key = (entries: [number, number | Uint8Array][]) => p256PointOfCose(new Map(entries));
  const x = new Uint8Array(32).fill(1);
  const y = new Uint8Array(32).fill(2);
  const good: [number, number | Uint8Array][] = [
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, x],
    [-3, y],
  ];

  it('on P-256 give their uncompressed point', () => {
    expect(key(good)).toEqual(Buffer.concat([Buffer.from([4]), x, y]));
  });

  it('of any other shape give nothing', () => {
    expect(key(good.slice(1))).toBeUndefined();
    expect(key([...good, [4, 1]])).toBeUndefined();
    for (const [index, value] of [3, -8, 2, x.subarray(1), 1].entries())
      expect(key(good.map(([label, own], place) => [label, place === index ? value : own]))).toBeUndefined();
    expect(p256PointOfCose(5)).toBeUndefined();
  });

  it('have exact keys', () => {
    expect(hasExactKeys(new Map([['a', 1]]), ['a'])).toBe(true);
    expect(hasExactKeys(new Map([['b', 1]]), ['a'])).toBe(false);
  });
});
