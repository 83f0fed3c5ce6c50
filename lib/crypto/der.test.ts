import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derObjectId } from '@/lib/evidence/testing/der-writer';
import {
  contextTag,
  contextTagNumber,
  DER,
  derBits,
  derBoolean,
  derEnumerated,
  derOid,
  derSerialHex,
  derTimeMs,
  derUnsigned,
  MAX_DER_MEMBERS,
  readDer,
  readDerElements,
  readDerMembers,
} from './index';

const der = (hex: string) => readDer(Buffer.from(hex, 'hex'));

describe('the DER reader', () => {
  it('gives tag, content and complete bytes', () => {
    const element = der('3003020105');
    expect(element?.tag).toBe(DER.sequence);
    expect(element?.raw).toHaveLength(5);
    expect(derUnsigned(readDerMembers(element, DER.sequence)?.[0])).toBe(5);
    expect(readDerMembers(element, DER.set)).toBeUndefined();
  });

  it('reads high tag numbers', () => {
    const element = der('bf854003020105');
    expect(element?.tag).toBe(contextTag(704));
    expect(contextTagNumber(contextTag(704))).toBe(704);
    expect(contextTagNumber(contextTag(1, false))).toBeUndefined();
    expect(contextTagNumber(DER.sequence)).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['a tag alone', '30'],
    ['indefinite length', '30800000'],
    ['a length that is not minimal', '308103020105'],
    ['a length with a leading zero', '30820003020105'],
    ['a length of four octets', '308400000003020105'],
    ['content that is cut', '30030201'],
    ['trailing bytes', '300302010500'],
    ['a low number in the high form', 'bf1e00'],
    ['a high number with a leading zero', 'bf804000'],
    ['a high number without end', 'bfffffffff00'],
  ])('refuses %s', (_what, hex) => {
    expect(der(hex)).toBeUndefined();
  });

  it('refuses more members than any structure in use has', () => {
    const members = (count: number) => readDerElements(Buffer.from('0500'.repeat(count), 'hex'));
    expect(members(MAX_DER_MEMBERS)).toHaveLength(MAX_DER_MEMBERS);
    expect(members(MAX_DER_MEMBERS + 1)).toBeUndefined();
  });

  it('refuses malformed members, and never throws', () => {
    expect(readDerMembers(der('3003020205'), DER.sequence)).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const elements = readDerElements(bytes);
        const length = elements?.reduce((sum, { raw }) => sum + raw.length, 0);
        expect(length ?? bytes.length).toBe(bytes.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('DER values', () => {
  it.each([
    ['0101ff', true],
    ['010100', false],
    ['010101', undefined],
    ['0100', undefined],
    ['020101', undefined],
  ])('boolean %s is %s', (hex, value) => {
    expect(derBoolean(der(hex))).toBe(value);
  });

  it('booleans of BER pass only where they are tolerated', () => {
    expect(derBoolean(der('010101'), { berBoolean: true })).toBe(true);
  });

  it.each([
    ['020100', 0],
    ['0202ff00', undefined],
    ['02020080', 128],
    ['0202007f', undefined],
    ['0201ff', undefined],
    ['0200', undefined],
    ['02071fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['020720000000000000', undefined],
    ['0a0101', undefined],
  ])('integer %s is %s', (hex, value) => {
    expect(derUnsigned(der(hex))).toBe(value);
  });

  it('enumerated is not integer', () => {
    expect(derEnumerated(der('0a0102'))).toBe(2);
    expect(derEnumerated(der('020102'))).toBeUndefined();
  });

  it('serials lose leading zeros and keep their size', () => {
    expect(derSerialHex(der('02050080000001'))).toBe('80000001');
    expect(derSerialHex(der('020100'))).toBe('0');
    expect(derSerialHex(der('02020001'))).toBeUndefined();
  });

  it.each([
    ['06092a864886f70d010101', '1.2.840.113549.1.1.1'],
    ['0603550403', '2.5.4.3'],
    ['060388370a', '2.999.10'],
    ['0600', undefined],
    ['06022a80', undefined],
    ['06032a8001', undefined],
  ])('object identifier %s is %s', (hex, value) => {
    expect(derOid(der(hex))).toBe(value);
  });

  it('object identifiers end at 64 bytes', () => {
    expect(derOid(der(`0640${'81'.repeat(63)}01`))).toMatch(/^2\.\d+$/);
    expect(derOid(der(`0641${'81'.repeat(64)}01`))).toBeUndefined();
  });

  it('object identifiers may have arcs of 128 bits', () => {
    const dotted = '2.25.147700683154041519834061286155036021665.1';
    expect(derOid(readDer(derObjectId(dotted)))).toBe(dotted);
  });

  it('bit strings are whole octets', () => {
    expect(derBits(der('030200ff'))).toHaveLength(1);
    expect(derBits(der('030204f0'))).toBeUndefined();
  });

  it.each([
    ['170d3730303130313030303030305a', 0],
    ['170d3439313233313233353935395a', Date.UTC(2049, 11, 31, 23, 59, 59)],
    ['170d3530303130313030303030305a', Date.UTC(1950, 0, 1)],
    ['180f32313036303230373036323831355a', Date.UTC(2106, 1, 7, 6, 28, 15)],
    ['170d3730303233303030303030305a', undefined],
    ['170d3730303130313234303030305a', undefined],
    ['170b373030313031303030305a', undefined],
    ['0c0d3730303130313030303030305a', undefined],
  ])('time %s is %s', (hex, value) => {
    expect(derTimeMs(der(hex))).toBe(value);
  });
});
