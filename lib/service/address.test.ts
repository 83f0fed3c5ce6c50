import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { AddressRanges, clientAddress, NetworkReader, networkPrefix, normaliseAddress } from './address';

const PROXIES = new AddressRanges(['127.0.0.1', '10.0.0.0/8', '2001:db8:f::/48']);

describe("the client's address", () => {
  test.each([
    ['a peer that is no proxy, whatever it claims', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['a proxy that forwards nothing', '127.0.0.1', null, '127.0.0.1'],
    ['a proxy', '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    [
      'the right-most address that is no proxy',
      '127.0.0.1',
      '6.6.6.6, 198.51.100.1, 10.1.2.3',
      '198.51.100.1',
    ],
    ['proxies all the way', '127.0.0.1', '10.0.0.2, 10.0.0.1', '10.0.0.2'],
    ['rubbish to the left of a client', '127.0.0.1', 'unknown, 198.51.100.1', '198.51.100.1'],
    ['rubbish beside a proxy: the walk ends', '127.0.0.1', '198.51.100.1, evil, 10.0.0.1', '10.0.0.1'],
    ['an empty header', '127.0.0.1', '', '127.0.0.1'],
    ['a mapped peer', '::ffff:127.0.0.1', '198.51.100.1:4431', '198.51.100.1'],
    ['IPv6 in brackets with a port', '127.0.0.1', '[2001:DB8::1]:443', '2001:db8::1'],
    ['an IPv6 proxy', '2001:db8:f::1', '2001:db8:a::1', '2001:db8:a::1'],
    ['no peer at all', '', '198.51.100.1', '0.0.0.0'],
  ])('of %s', (_, peer, forwarded, expected) => {
    expect(clientAddress(peer, forwarded, PROXIES)).toBe(expected);
  });

  test('is looked for in a bounded number of hops', () => {
    const long = Array.from({ length: 50_000 }, () => '10.0.0.1').join(',');
    const started = performance.now();
    expect(clientAddress('127.0.0.1', `6.6.6.6,${long}`, PROXIES)).toBe('10.0.0.1');
    expect(performance.now() - started).toBeLessThan(500);
  });

  test.each(['1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.4/24', ':::', 'localhost', '[1.2.3.4'])(
    'is not %s',
    (text) => {
      expect(normaliseAddress(text)).toBeUndefined();
    },
  );
});

test.each([
  ['203.0.113.9', '203.0.113.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['2001:db8::1', '2001:db8::/48'],
  ['2001::1', '2001::/48'],
  ['::1', '::/48'],
  ['fe80::1:2:3:4', 'fe80::/48'],
])('keeps only the network of %s', (address, prefix) => {
  expect(networkPrefix(address)).toBe(prefix);
});

describe('what is stored of a client', () => {
  const reader = new NetworkReader(randomBytes(32), ['127.0.0.1/32']);

  test('is the same for the same client and differs for its neighbour, and under another key', () => {
    const one = reader.read('127.0.0.1', '198.51.100.1');
    expect(reader.read('127.0.0.1', '198.51.100.1')).toEqual(one);
    const neighbour = reader.read('127.0.0.1', '198.51.100.2');
    expect(neighbour.prefix).toBe(one.prefix);
    expect(neighbour.addressHash.equals(one.addressHash)).toBe(false);
    const other = new NetworkReader(randomBytes(32), ['127.0.0.1/32']).read('127.0.0.1', '198.51.100.1');
    expect(other.addressHash.equals(one.addressHash)).toBe(false);
  });

  test('tells private networks from others, even where no data set says more', () => {
    expect(reader.read('127.0.0.1', null)).toMatchObject({ kind: 'private', country: null, asn: null });
    expect(reader.read('192.168.1.1', null).kind).toBe('private');
    expect(reader.read('8.8.8.8', null)).toMatchObject({ kind: 'unknown', country: null, asn: null });
  });

  test('holds what the data sets know of the client, asked once for each address', () => {
    const asked: string[] = [];
    const networks = {
      describe: (address: string) => {
        asked.push(address);
        return { country: 'DE', asn: 64_496, kind: 'access' } as const;
      },
    };
    const enriched = new NetworkReader(randomBytes(32), ['127.0.0.1'], networks);
    for (let times = 0; times < 3; times++) {
      const read = enriched.read('127.0.0.1', '[2001:db8::1]:443');
      expect(read).toMatchObject({ country: 'DE', asn: 64_496, kind: 'access' });
    }
    expect(asked).toEqual(['2001:db8::1']);
  });

  test('does not believe a peer that is no proxy, even after a proxy used the same header', () => {
    reader.read('127.0.0.1', '198.51.100.77');
    expect(reader.read('203.0.113.9', '198.51.100.77').prefix).toBe('203.0.113.0/24');
  });
});

test.each(['nonsense', '1.2.3.4/33', '1.2.3.4/x', '::1/129', '1.2.3.4/8/8', '/8'])(
  'refuses the range %s',
  (text) => {
    expect(() => new AddressRanges([text])).toThrow(TypeError);
  },
);

test.each([
  ['10.0.0.0/8', '10.255.255.255', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['192.0.2.130/25', '192.0.2.128', true],
  ['192.0.2.130/25', '192.0.2.127', false],
  ['255.255.255.255', '255.255.255.255', true],
  ['0.0.0.0/0', '203.0.113.1', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['::/0', '2001:db8::1', true],
  ['::/0', '203.0.113.1', false],
])('the range %s holds %s: %s', (range, address, expected) => {
  expect(new AddressRanges([range]).contains(address)).toBe(expected);
});
