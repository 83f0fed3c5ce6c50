import { expect, it } from 'vitest';
import { matchingOptions, shownOptions } from './prepare-facet';

const OPTIONS = Array.from({ length: 9 }, (_, index) => ({ value: `v${index}`, count: 9 - index }));
const values = (selected: string[], unfolded = false) =>
  shownOptions(OPTIONS, selected, unfolded).shown.map((option) => option.value);

it('folds what is rare, but never what is selected', () => {
  expect(values([])).toEqual(['v0', 'v1', 'v2', 'v3', 'v4', 'v5']);
  expect(values(['v8'])).toEqual(['v0', 'v1', 'v2', 'v3', 'v4', 'v5', 'v8']);
  expect(shownOptions(OPTIONS, ['v8'], false).folded).toBe(2);
  expect(values([], true)).toHaveLength(9);
});

it('shows a selected value that has no rows, so that it can be deselected', () => {
  expect(shownOptions(OPTIONS, ['gone'], false).shown[0]).toEqual({ value: 'gone', count: 0 });
});

it('finds options by value and by label', () => {
  const options = [
    { value: 'hooks', label: 'Hooking framework attached', count: 2 },
    { value: 'emulator', label: 'Emulator or simulator', count: 1 },
  ];
  expect(matchingOptions(options, ' FRAMEWORK ').map((option) => option.value)).toEqual(['hooks']);
  expect(matchingOptions(options, 'emul').map((option) => option.value)).toEqual(['emulator']);
  expect(matchingOptions(options, '')).toHaveLength(2);
});
