import { expect, it } from 'vitest';
import { movedIndex } from './use-row-cursor';

it('stays within the rows', () => {
  expect(movedIndex('j', -1, 3)).toBe(0);
  expect(movedIndex('j', 2, 3)).toBe(2);
  expect(movedIndex('k', 0, 3)).toBe(0);
  expect(movedIndex('End', 0, 3)).toBe(2);
  expect(movedIndex('Home', 2, 3)).toBe(0);
});

it('moves nowhere without rows, nor by other keys', () => {
  expect(movedIndex('j', -1, 0)).toBeUndefined();
  expect(movedIndex('q', 1, 3)).toBeUndefined();
});
