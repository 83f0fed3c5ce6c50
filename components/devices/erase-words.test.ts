import { expect, it } from 'vitest';
import { erasedText } from './erase-words';

it('says how much was erased', () => {
  expect(erasedText({ attestations: 1_204, requests: 1, days: 3 })).toBe(
    '1,204 attestations and 1 refused request were erased.',
  );
});
