import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIpv4, parseAddress, parsePrefix } from './address-number';

describe('an address', () => {
  it.each([
    ['0.0.0.0', 0],
    ['8.8.8.8', 0x08080808],
    ['255.255.255.255', 0xffff_ffff],
  ])('%s is a number of 32 bits', (text, value) => {
    expect(parseAddress(text)).toEqual({ family: 4, value });
    expect(formatIpv4(value)).toBe(text);
  });

  it.each([
    ['::', 0n],
    ['::1', 1n],
    ['2001:db8::1', 0x2001_0db8_0000_0000_0000_0000_0000_0001n],
    ['2001:DB8:1:2:3:4:5:6', 0x2001_0db8_0001_0002_0003_0004_0005_0006n],
    ['ff00::', 0xff00n << 112n],
    ['64:ff9b::8.8.4.4', 0x0064_ff9b_0000_0000_0000_0000_0808_0404n],
  ])('%s is a number of 128 bits', (text, value) => {
    expect(parseAddress(text)).toEqual({ family: 6, value });
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '01.2.3.4',
    '1.2.3.256',
    '1.2.3.4a',
    '1.2.3.-4',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8:9',
    '::12345',
    '::g',
    '::1.2.3',
    'localhost',
  ])('is not "%s"', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('is never an exception, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => parseAddress(text) === undefined || text.length >= 2));
    fc.assert(fc.property(fc.ipV4(), (text) => parseAddress(text)?.family === 4));
    fc.assert(fc.property(fc.ipV6(), (text) => parseAddress(text)?.family === 6));
  });
});

describe('a range', () => {
  it.each([
    ['10.0.0.0/8', 8],
    ['10.0.0.1', 32],
    ['2001:db8::/32', 32],
    ['::1', 128],
    ['0.0.0.0/0', 0],
  ])('%s has %i bits', (text, bits) => {
    expect(parsePrefix(text)?.bits).toBe(bits);
  });

  it.each(['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/x', '10.0.0.0/8/8', '/8', 'x/8', '10.0.0.0/-1'])(
    'is not %s',
    (text) => {
      expect(parsePrefix(text)).toBeUndefined();
    },
  );
});
