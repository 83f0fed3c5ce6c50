import { describe, expect, it } from 'vitest';
import { parsePrefix } from './address-number';
import { KIND_OF_ASN, REVIEWED_OPERATORS } from './asn-kinds';
import { BUILT_IN_PREFIXES } from './built-in-prefixes';
import { compileDataSet } from './compile';
import { countryCode, countryNumber, DataSetError, decodeDataSet, encodeDataSet } from './data-set';
import { createNetworks } from './networks';
import { isHosterByName } from './operator-names';
import { NetworksFileError, parseOverrides } from './overrides';
import { addressIn, rangesOf } from './ranges';

/** 1.0.0.0/24 and 2001:db8's neighbour, as the data sets write them. */
const DATA = compileDataSet({
  country4: '16777216,16777471,DE\n16777472,16777727,EU\nrubbish\n16777984,16778239,FR\n',
  country6: `${0x2a00n << 112n},${(0x2a01n << 112n) - 1n},GB\n`,
  asn4: [
    '16777216,16777343,64496,Example Telecom',
    '16777344,16777471,64497,"Example Hosting, Inc."',
    '16777472,16777727,24940,Renamed GmbH',
    ',,64496,x',
    '16777984,16778239,0,nobody',
  ].join('\r\n'),
  asn6: `${0x2a00n << 112n},${(0x2a00n << 112n) + (1n << 90n)},64496,Example Telecom\n`,
});

describe('a network', () => {
  const networks = createNetworks(DATA);

  it.each([
    ['1.0.0.1', { country: 'DE', asn: 64_496, kind: 'access' }],
    ['1.0.0.200', { country: 'DE', asn: 64_497, kind: 'hosting' }],
    ['1.0.1.1', { country: null, asn: 24_940, kind: 'hosting' }],
    ['1.0.3.1', { country: 'FR', asn: null, kind: 'unknown' }],
    ['9.9.9.9', { country: null, asn: null, kind: 'unknown' }],
    ['2a00::1', { country: 'GB', asn: 64_496, kind: 'access' }],
    ['2a00:ffff::1', { country: 'GB', asn: null, kind: 'unknown' }],
    ['10.1.2.3', { country: null, asn: null, kind: 'private' }],
    ['fd00::1', { country: null, asn: null, kind: 'private' }],
    ['203.0.113.9', { country: null, asn: null, kind: 'unknown' }],
    ['2001:db8::1', { country: null, asn: null, kind: 'unknown' }],
    ['not an address', { country: null, asn: null, kind: 'unknown' }],
  ] as const)('of %s is told', (address, expected) => {
    expect(networks.describe(address)).toEqual(expected);
  });

  it('is unknown without a data set, unless it is private', () => {
    const none = createNetworks();
    expect(none.describe('1.0.0.1')).toEqual({ country: null, asn: null, kind: 'unknown' });
    expect(none.describe('192.168.0.1').kind).toBe('private');
  });
});

describe("the operator's word", () => {
  const overrides = parseOverrides(
    JSON.stringify({
      asns: { 24940: 'access', 64496: 'hosting' },
      prefixes: { '1.0.0.0/25': 'anonymiser', '1.0.0.7': 'access', '10.9.0.0/16': 'access' },
    }),
  );
  const networks = createNetworks(DATA, overrides);

  it.each([
    ['1.0.0.1', 'anonymiser', 'a prefix goes before an ASN'],
    ['1.0.0.7', 'access', 'the narrower prefix goes first'],
    ['1.0.1.1', 'access', 'an ASN goes before our own table'],
    ['2a00::1', 'hosting', 'an ASN counts for both families'],
    ['10.9.1.1', 'access', 'a private range may be access'],
    ['10.8.1.1', 'private', 'what is not stated stays'],
  ] as const)('of %s is %s: %s', (address, kind, _why) => {
    expect(networks.describe(address).kind).toBe(kind);
  });

  it.each([
    ['{', 'is no JSON'],
    ['[]', 'is wrong'],
    ['{"asn": {}}', 'asn'],
    ['{"asns": {"AS1": "hosting"}}', 'is wrong at asns AS1: is no AS number'],
    ['{"asns": {"0": "hosting"}}', 'is no AS number'],
    ['{"asns": {"64496": "bad"}}', 'is wrong at asns 64496: must be one of access, hosting'],
    [
      '{"prefixes": {"10.0.0.0/99": "hosting"}}',
      'is wrong at prefixes 10.0.0.0/99: is no address or CIDR range',
    ],
  ])('%s is refused: %s', (text, message) => {
    expect(() => parseOverrides(text)).toThrow(NetworksFileError);
    expect(() => parseOverrides(text)).toThrow(message);
  });
});

describe('the compiled form', () => {
  it('says the same once it was written and read', () => {
    const bytes = encodeDataSet(DATA);
    expect(decodeDataSet(bytes)).toEqual(DATA);
  });

  it('is refused where it is cut short or something else', () => {
    const bytes = encodeDataSet(DATA);
    for (const wrong of [bytes.slice(0, 20), bytes.slice(0, -16), new Uint8Array(400)]) {
      expect(() => decodeDataSet(wrong)).toThrow(DataSetError);
    }
  });

  it.each([
    ['DE', 'DE'],
    ['EU', null],
    ['ZZ', null],
    ['de', null],
    ['DEU', null],
    ['', null],
  ])('holds the country %s as %s', (code, expected) => {
    expect(countryCode(countryNumber(code))).toBe(expected);
  });

  it('gives the ranges of a network, and addresses that belong to it', () => {
    const networks = createNetworks(DATA);
    const ranges = rangesOf(DATA, new Set([64_496]));
    expect(ranges).toEqual([
      { family: 4, asn: 64_496, country: 'DE', first: 0x0100_0000, last: 0x0100_007f },
      { family: 6, asn: 64_496, country: 'GB', first: 0x2a00_0000_0000, last: 0x2a00_0000_0400 },
    ]);
    for (const range of ranges) {
      for (const key of [range.first, range.last]) {
        expect(networks.describe(addressIn(range, key, 7)), String(key)).toMatchObject({
          asn: 64_496,
          country: range.country,
        });
      }
    }
  });
});

describe('what was reviewed', () => {
  it('names each network once', () => {
    const asns = REVIEWED_OPERATORS.flatMap((operator) => operator.asns);
    expect(asns.length).toBe(new Set(asns).size);
    expect(KIND_OF_ASN.size).toBe(asns.length);
  });

  it('says why a network hides people, or is access against its name', () => {
    for (const { kind, note, operator } of REVIEWED_OPERATORS) {
      if (kind !== 'hosting') expect(note, operator).toMatch(/\.$/);
    }
  });

  it('has ranges that can be read', () => {
    for (const [text] of BUILT_IN_PREFIXES) expect(parsePrefix(text), text).toBeDefined();
  });
});

describe("an operator's name", () => {
  it.each([
    'Example Hosting Ltd',
    'IBM Cloud',
    'Host Europe GmbH',
    'HostPapa',
    'Joe’s Datacenter, LLC',
    'NTT Global Data Centers EMEA GmbH',
    'Servers.com, Inc.',
    'Colocation America Corporation',
    'VPS House',
  ])('%s is a hoster’s', (name) => {
    expect(isHosterByName(name)).toBe(true);
  });

  it.each([
    'Deutsche Telekom AG',
    'Cloud Telecom SAS',
    'CHINANET SiChuan Telecom Internet Data Center',
    'COLOMBIA TELECOMUNICACIONES S.A. ESP',
    'University of Colorado Denver',
    'Eurofiber Cloud Infra B.V.',
    'GHOSTnet GmbH',
    'AFRIHOST SP (PTY) LTD',
    'Observer Media',
    'Leibniz-Rechenzentrum',
  ])('%s is not', (name) => {
    expect(isHosterByName(name)).toBe(false);
  });
});
