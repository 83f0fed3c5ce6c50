import { describe, expect, it } from 'vitest';
import { readVectorFile, readVectors } from '../testing/vectors';
import { readAttestationObject } from './objects';
import { isSignedData } from './receipt';

const receipts = readVectors('ios/attestation').map((vector) => {
  const object = readAttestationObject(readVectorFile(vector.folder, vector.vector));
  return object.outcome === 'fail' ? new Uint8Array() : object.value.receipt;
});

describe('the structure of receipts', () => {
  it('is recognised in every real attestation', () => {
    expect(receipts).toHaveLength(15);
    for (const receipt of receipts) expect(isSignedData(receipt)).toBe(true);
  });

  it('is refused where bytes are missing or left over', () => {
    for (const receipt of receipts) {
      expect(isSignedData(receipt.subarray(0, -1))).toBe(false);
      expect(isSignedData(Buffer.concat([receipt, Buffer.from([0])]))).toBe(false);
    }
  });

  it('is refused for other content types, and for nesting without end', () => {
    expect(isSignedData(new Uint8Array())).toBe(false);
    expect(isSignedData(Buffer.from('300b06092a864886f70d010701', 'hex'))).toBe(false);
    expect(isSignedData(Buffer.from('3080'.repeat(5000), 'hex'))).toBe(false);
  });
});
