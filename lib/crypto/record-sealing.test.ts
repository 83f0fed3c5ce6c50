import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openRecord, sealRecord } from './index';

const key = randomBytes(32);
const row = { table: 'records', id: '1' };
const plaintext = Buffer.from('evidence');
const sealed = sealRecord(key, plaintext, row);

describe('a sealed record', () => {
  it('opens for its row', () => {
    expect(openRecord(key, sealed, row)).toEqual(plaintext);
  });

  it('opens for no other row, key or content', () => {
    expect(openRecord(key, sealed, { ...row, id: '2' })).toBeUndefined();
    expect(openRecord(key, sealed, { ...row, table: 'others' })).toBeUndefined();
    expect(openRecord(randomBytes(32), sealed, row)).toBeUndefined();
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(openRecord(key, changed, row)).toBeUndefined();
    }
    expect(openRecord(key, sealed.subarray(0, 8), row)).toBeUndefined();
  });

  it('shows the same content differently in each row', () => {
    expect(sealRecord(key, plaintext, { ...row, id: '2' }).equals(sealed)).toBe(false);
  });
});
