import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEMPLATES } from '@/lib/appraisal';
import { policyArbitrary } from '@/lib/appraisal/testing';
import type { Policy } from '@/lib/contracts';
import { diffPolicies } from './diff-policies';
import { inherit, partsOf, policyOfParts } from './policy-parts';

const { balanced } = TEMPLATES;
const changed = (changes: Partial<Policy>): Policy => ({ ...balanced, schema: 2, ...changes });
const words = (to: Policy, from: Policy = balanced) => diffPolicies(from, to).map((change) => change.words);

describe('a difference', () => {
  it('is told in words, with its direction', () => {
    const next = changed({
      threats: { ...balanced.threats, privileged_access: 'reject', hooks: 'flag' },
      tokenTtlSeconds: 600,
      requirements: { ...balanced.requirements, maxPatchAgeDays: 90, minOsVersion: { ios: '26' } },
      rules: [{ id: 'r', title: 'Night', expression: 'platform == "ios"', response: 'flag' }],
      conditions: [
        {
          id: 'c',
          threat: 'hooks',
          when: { platform: 'ios', osVersion: { from: '26.6' } },
          response: 'observe',
        },
      ],
    });
    expect(diffPolicies(balanced, next).map(({ words, direction }) => [words, direction])).toEqual([
      ['Hooking framework attached (Frida, Xposed…): reject → flag', 'milder'],
      ['Rooted or jailbroken device: restrict → reject', 'stricter'],
      ['Hooking framework attached (Frida, Xposed…), iOS, OS 26.6 or newer: added, observe', 'neither'],
      ['Age of security patches (days): 365 → 90', 'stricter'],
      ['Oldest OS: none → iOS 26', 'neither'],
      ['Rule “Night”: added, flag', 'stricter'],
      ['Token lifetime: 300 s → 600 s', 'milder'],
    ]);
  });

  it('is none where an unlisted threat is observed on the other side', () => {
    const { hooks: _, ...threats } = balanced.threats;
    const [observed, unlisted] = [
      changed({ threats: { ...threats, hooks: 'observe' } }),
      changed({ threats }),
    ];
    expect(words(unlisted, observed)).toEqual([]);
    expect(words(unlisted)).toEqual(['Hooking framework attached (Frida, Xposed…): reject → observe']);
  });

  it('is none between a policy and itself, and each has words', () => {
    fc.assert(
      fc.property(policyArbitrary, policyArbitrary, (a, b) => {
        expect(diffPolicies(a, a)).toEqual([]);
        for (const { words } of diffPolicies(a, b)) expect(words).not.toBe('');
        expect(diffPolicies(a, b)).toHaveLength(diffPolicies(b, a).length);
      }),
      { numRuns: 100 },
    );
  });
});

describe('inheritance', () => {
  it('follows the baseline where the app says the same, and keeps what it overrides', () => {
    const own = changed({ threats: { ...balanced.threats, hooks: 'flag' } });
    const next = changed({
      threats: { ...balanced.threats, hooks: 'restrict', debugger: 'flag' },
      tokenTtlSeconds: 600,
    });
    const inherited = inherit(own, balanced, next);
    expect(inherited.threats).toMatchObject({ hooks: 'flag', debugger: 'flag' });
    expect(inherited.tokenTtlSeconds).toBe(600);
    expect(diffPolicies(next, inherited).map(({ path }) => path)).toEqual(['threats.hooks']);
  });

  it('of a policy that overrides nothing is the new baseline, whatever it is', () => {
    fc.assert(
      fc.property(policyArbitrary, policyArbitrary, (from, to) => {
        expect(diffPolicies(to, inherit(from, from, to))).toEqual([]);
        expect(diffPolicies(from, policyOfParts(partsOf(from)))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
