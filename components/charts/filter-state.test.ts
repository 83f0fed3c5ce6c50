import { expect, it } from 'vitest';
import { filterState, greatestAndChosen } from './filter-state';

it('puts aside what is not chosen, once anything is', () => {
  expect(['DE', 'FR'].map((id) => filterState([], id))).toEqual(['open', 'open']);
  expect(['DE', 'FR'].map((id) => filterState(['DE'], id))).toEqual(['chosen', 'aside']);
  // An unknown value is the empty string, and may be chosen too.
  expect(['DE', ''].map((id) => filterState([''], id))).toEqual(['aside', 'chosen']);
});

it('keeps what is chosen in sight, however small it is', () => {
  const items = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
  expect(greatestAndChosen(items, 2, []).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(greatestAndChosen(items, 2, ['d', 'a', 'x']).map(({ id }) => id)).toEqual(['a', 'b', 'd']);
});
