import { expect, test } from 'vitest';
import { RESPONSES, THREATS } from '@/lib/contracts';
import { attackHref, preparePolicy, prepareRequirements, RESPONSE_WORDS } from './prepare-policy';

test('shows every known threat, harshest response first, and observes what the policy does not list', () => {
  const rows = preparePolicy({ threats: { hooks: 'reject', debugger: 'ignore' } }, THREATS);
  expect(rows).toHaveLength(THREATS.length);
  expect(rows[0]).toMatchObject({ id: 'hooks', response: 'reject' });
  expect(rows.at(-1)).toMatchObject({ id: 'debugger', response: 'ignore' });
  expect(rows[1]?.response).toBe('observe');
});

test('ranks the responses as the policy does', () => {
  const ranked = RESPONSES.toSorted((a, b) => RESPONSE_WORDS[a].rank - RESPONSE_WORDS[b].rank);
  expect(ranked).toEqual(RESPONSES.toReversed());
});

test('finds sub-techniques below their technique', () => {
  expect(attackHref('T1617')).toBe('https://attack.mitre.org/techniques/T1617/');
  expect(attackHref('T1625.001')).toBe('https://attack.mitre.org/techniques/T1625/001/');
});

test('a requirement that is not made raises nothing', () => {
  const none = prepareRequirements({
    environment: 'any',
    securityLevel: 'software',
    verifiedBoot: false,
    maxPatchAgeDays: null,
    maxEvidenceAgeSeconds: null,
    registeredVersion: false,
  });
  expect(none.map(({ raises }) => raises)).toEqual(none.map(() => null));
});

test('ages are told in the unit that fits', () => {
  const age = (maxEvidenceAgeSeconds: number) =>
    prepareRequirements({
      environment: 'production',
      securityLevel: 'tee',
      verifiedBoot: true,
      maxPatchAgeDays: 365,
      maxEvidenceAgeSeconds,
      registeredVersion: true,
    }).find(({ label }) => label === 'Hardware evidence')?.value;
  expect([age(604_800), age(86_400), age(7_200), age(90)]).toEqual([
    'At most 7 days old',
    'At most 1 day old',
    'At most 2 h old',
    'At most 2 min old',
  ]);
});
