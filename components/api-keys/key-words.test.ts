import { expect, test } from 'vitest';
import { apiKeyStatusSchema, GRACE_SECONDS } from '@/lib/contracts';
import { GRACES, graceConsequence, graceOf, STATUSES } from './key-words';

test('every grace that the API takes can be chosen, and no other', () => {
  expect(GRACES.map(({ seconds }) => seconds)).toEqual([...GRACE_SECONDS]);
  expect(GRACES.map(({ seconds }) => graceOf(String(seconds)))).toEqual([...GRACE_SECONDS]);
});

test('every state of a version has its words', () => {
  expect(STATUSES.map(({ status }) => status)).toEqual(apiKeyStatusSchema.options);
});

test('a rotation without grace says that requests are refused, and one with a grace for how long they are not', () => {
  expect(graceConsequence(0, 'managed')).toContain('refused');
  expect(graceConsequence(900, 'managed')).toContain('15 minutes');
  expect(graceConsequence(900, 'external')).toContain('third party');
});
