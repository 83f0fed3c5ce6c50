import fc from 'fast-check';
import { expect, it } from 'vitest';
import { appraise, compilePolicy, decodeFacts, encodeFacts, judgedIntegrity, splitFacts } from './index';
import { INTEGRITY, inputArbitrary, inputOf, NOW_MS, policyArbitrary, quarantinesArbitrary } from './testing';

/** The input as it is read back from its event. */
function recorded(input: Parameters<typeof encodeFacts>[0]) {
  const split = splitFacts(encodeFacts(input));
  const facts = split && decodeFacts(split.recurring);
  if (!split || !facts) throw new Error('The facts cannot be read back.');
  return { ...facts, ...split.ages };
}

it('recorded facts are judged as the attestation itself was, by every policy', () => {
  fc.assert(
    fc.property(policyArbitrary, quarantinesArbitrary, inputArbitrary, (policy, quarantines, input) => {
      const compiled = compilePolicy(policy, quarantines);
      const { client, nowMs } = input;
      expect(appraise(compiled, { ...recorded(input), client, nowMs })).toEqual(appraise(compiled, input));
    }),
    { numRuns: 200 },
  );
});

it('need no quoting, and recur for all devices of a kind', () => {
  const text = encodeFacts(inputOf({ runtimeThreats: ['hooks'], serverThreats: ['hosting_network'] }));
  expect(text).not.toMatch(/[\s,{}"\\]/);
  expect(text).toBe('1|1|-|android:production:tee:2026-10::verified:1|hooks|hosting_network|-|60');
  expect(splitFacts(encodeFacts(inputOf({ evidenceAgeSeconds: 61 })))?.recurring).toBe(
    splitFacts(encodeFacts(inputOf()))?.recurring,
  );
});

it('of vendors are kept, and their absence', () => {
  for (const claims of [
    INTEGRITY,
    { ...INTEGRITY, deviceLabels: [], recognition: null, appsDetected: null, activityLevel: 'LEVEL_9' },
    {
      ...INTEGRITY,
      sdkVersion: null,
      playProtect: 'made up: |',
      licensing: null,
      appsDetected: ['KNOWN_OVERLAYS'],
    },
  ]) {
    const judged = judgedIntegrity(claims, NOW_MS);
    expect(recorded(inputOf(judged))).toMatchObject(judged);
  }
  expect(recorded(inputOf()).integrity).toBeUndefined();
});

it.each(['', '2|1|-|-|-|-|-|0', '1|x|-|-|-|-|-|0', '1|1|nonsense|-|-|-|-|0', '1|'])(
  '%j are no facts',
  (text) => {
    const split = splitFacts(text);
    expect(split && decodeFacts(split.recurring)).toBeNull();
  },
);
