import { expect, it } from 'vitest';
import { selectionState, toggledAll, toggledRow } from './row-selection';

it('adds and takes out one row', () => {
  expect(toggledRow(['a'], 'b')).toEqual(['a', 'b']);
  expect(toggledRow(['a', 'b'], 'a')).toEqual(['b']);
});

it('keeps what is selected but not loaded when all loaded rows are toggled', () => {
  expect(toggledAll(['x', 'a'], ['a', 'b'])).toEqual(['x', 'a', 'b']);
  expect(toggledAll(['x', 'a', 'b'], ['a', 'b'])).toEqual(['x']);
});

it('tells none, some and all of the loaded rows apart', () => {
  expect(selectionState(['x'], ['a', 'b'])).toBe('none');
  expect(selectionState(['a'], ['a', 'b'])).toBe('some');
  expect(selectionState(['a', 'b'], ['a', 'b'])).toBe('all');
  expect(selectionState([], [])).toBe('none');
});
