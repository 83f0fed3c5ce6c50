import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 8 * 1024;
const pool = Buffer.allocUnsafe(POOL_BYTES);
let used = POOL_BYTES;

/**
 * Cryptographically random bytes, drawn from a pool: a call costs a copy, and not a call into the generator. Each byte is
 * handed out once and wiped from the pool. At most 1024 at a time.
 * @throws RangeError for more
 */
export function pooledRandomBytes(size: number): Buffer {
  if (size > 1024) throw new RangeError('The pool is for small amounts.');
  if (used + size > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + size));
  pool.fill(0, used, used + size);
  used += size;
  return bytes;
}
