import { describe, expect, it } from 'vitest';
import { definiteForm } from './ber';
import { readSignedData } from './cms';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('the definite form', () => {
  it('of DER is the same bytes', () => {
    for (const der of ['30 00', '02 01 05', '30 05 04 01 aa 05 00', `04 81 80${'00'.repeat(128)}`])
      expect(definiteForm(hex(der))).toEqual(hex(der));
  });

  it.each([
    ['an indefinite length', '30 80 02 01 05 00 00', '30 03 02 01 05'],
    ['one inside another', '30 80 30 80 05 00 00 00 00 00', '30 04 30 02 05 00'],
    ['a length in more bytes than it needs', '30 82 00 03 02 01 05', '30 03 02 01 05'],
    ['a string in pieces', '24 80 04 01 aa 24 03 04 01 bb 04 00 00 00', '04 02 aa bb'],
  ])('of %s has definite and minimal lengths', (_what, ber, der) => {
    expect(definiteForm(hex(ber))).toEqual(hex(der));
  });

  it.each([
    ['nothing', ''],
    ['what ends too early', '30 03 02 01'],
    ['what has no end', '30 80 02 01 05'],
    ['what comes after the end', '30 00 00'],
    ['a member that is longer than its whole', '30 03 02 05 01'],
    ['an indefinite length of a primitive element', '04 80 00 00'],
    ['a string whose piece is no string', '24 03 02 01 05'],
    ['a length of four bytes', '04 84 00 00 00 01 aa'],
    ['a tag of many bytes', '1f 81 01 00'],
  ])('of %s is none', (_what, bytes) => {
    expect(definiteForm(hex(bytes))).toBeUndefined();
  });

  it('of what is nested or divided without end is none', () => {
    expect(definiteForm(hex('3080'.repeat(20)))).toBeUndefined();
    const nested = (levels: number) => hex(`${'3080'.repeat(levels)}${'0000'.repeat(levels)}`);
    expect(definiteForm(nested(17))).toBeDefined();
    expect(definiteForm(nested(18))).toBeUndefined();
    const members = (count: number) => hex(`3080${'0500'.repeat(count)}0000`);
    expect(definiteForm(members(4_095))).toBeDefined();
    expect(definiteForm(members(4_096))).toBeUndefined();
  });
});

describe('signed data', () => {
  it('is refused where it is another content type, or nothing', () => {
    expect(readSignedData(Buffer.alloc(0))).toBeUndefined();
    expect(readSignedData(hex('300b06092a864886f70d010701'))).toBeUndefined();
  });
});
