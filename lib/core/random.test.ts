import { expect, test } from 'vitest';
import { pooledRandomBytes } from './random';

test('random bytes of the pool are never handed out twice, and later ones do not change earlier ones', () => {
  const first = pooledRandomBytes(16);
  const copy = Buffer.from(first);
  const seen = new Set(Array.from({ length: 5_000 }, () => pooledRandomBytes(16).toString('hex')));
  expect(seen.size).toBe(5_000);
  expect(seen.has(copy.toString('hex'))).toBe(false);
  expect(first.equals(copy)).toBe(true);
});

test('the pool gives every size it is meant for, and refuses others', () => {
  for (const size of [0, 1, 8, 1024]) expect(pooledRandomBytes(size)).toHaveLength(size);
  expect(() => pooledRandomBytes(1025)).toThrow(RangeError);
});
