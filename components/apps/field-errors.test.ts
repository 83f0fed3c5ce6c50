import { expect, test } from 'vitest';
import { asSentence, fieldError, otherProblems } from './field-errors';

test.each([
  ['is taken', 'The id is taken.'],
  ['must be a slug of 2 to 40 characters', 'The id must be a slug of 2 to 40 characters.'],
  ['choose at least one', 'Choose at least one.'],
  ['Too long!', 'Too long!'],
])('makes a sentence of %j', (message, sentence) => {
  expect(asSentence('The id', message)).toBe(sentence);
});

test('quotes the entry of a list that is wrong', () => {
  const spec = { path: 'appleBundleIds', subject: 'The bundle id', entries: ['com.ok', '??'] };
  expect(fieldError({ 'appleBundleIds.1': 'is not a bundle id' }, spec)).toBe('“??” is not a bundle id.');
  expect(fieldError({ appleBundleIds: 'is needed' }, spec)).toBe('The bundle id is needed.');
  expect(fieldError({ 'appleBundleIdsX.1': 'is wrong' }, spec)).toBeUndefined();
});

test('tells the versions of two platforms apart by their position', () => {
  const problems = { 'versions.2.version': 'is too long' };
  const versions = { path: 'versions', subject: 'The version' };
  expect(fieldError(problems, { ...versions, entries: ['1', '2'] })).toBeUndefined();
  expect(fieldError(problems, { ...versions, entries: ['3'], offset: 2 })).toBe('“3” is too long.');
});

test('loses no complaint: what no field shows is told apart', () => {
  expect(
    otherProblems({ id: 'is taken', 'trustAnchors.0.name': 'is taken', odd: 'is odd' }, [
      'id',
      'trustAnchors',
    ]),
  ).toEqual(['Odd is odd.']);
});
