import { expect, test } from 'vitest';
import { bufferMb } from './start';

const GB = 2 ** 30;

test.each([
  [1 * GB, 0, 128],
  [4 * GB, undefined, 512],
  [64 * GB, 0, 2_048],
  [64 * GB, 8 * GB, 1_024],
  [8 * GB, 2 ** 63, 1_024],
])('of %i bytes, limited to %s, the server keeps %i MB', (total, constrained, mb) => {
  expect(bufferMb(total, constrained)).toBe(mb);
});
