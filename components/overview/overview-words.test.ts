import { expect, test } from 'vitest';
import { DECISION_OUTCOMES, NETWORK_KINDS, THREATS } from '@/lib/contracts';
import { networkWords, outcomeWords, threatShortName } from './overview-words';

test('every threat of the catalogue has a name of its own that fits the head of a column', () => {
  const names = THREATS.map(({ id }) => threatShortName(id));
  expect(THREATS.filter(({ id }) => threatShortName(id) === id)).toEqual([]);
  expect(new Set(names).size).toBe(THREATS.length);
  expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(12);
});

test('every kind of network has plain words, and one that is new is shown by its name', () => {
  const labels = NETWORK_KINDS.map((kind) => networkWords(kind).label);
  expect(new Set(labels).size).toBe(NETWORK_KINDS.length);
  expect(labels.filter((label) => NETWORK_KINDS.some((kind) => kind === label))).toEqual([]);
  expect(networkWords('satellite').label).toBe('satellite');
});

test('every outcome of a decision has words, and only a valid token is marked as trusted', () => {
  expect(DECISION_OUTCOMES.filter((outcome) => outcomeWords(outcome).mark === 'trusted')).toEqual(['valid']);
  expect(DECISION_OUTCOMES.filter((outcome) => outcomeWords(outcome).mark === 'unknown')).toEqual([]);
});
