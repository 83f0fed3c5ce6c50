import { describe, expect, it } from 'vitest';
import type { IntegrityClaims, IntegrityRequirements } from '@/lib/contracts';
import { appraise, compilePolicy, integrityMisses, judgedIntegrity } from './index';
import { ANDROID, INTEGRITY, IOS, inputOf, LENIENT, NOW_MS, policyOf } from './testing';

const ASKS_NOTHING: IntegrityRequirements = {
  deviceLabel: null,
  minSdkVersion: null,
  recognized: false,
  licensed: false,
  playProtect: null,
  refusedAppAccess: [],
  maxActivityLevel: null,
  maxAgeSeconds: 3_600,
};
const ASKS_ALL: IntegrityRequirements = {
  deviceLabel: 'strong',
  minSdkVersion: 33,
  recognized: true,
  licensed: true,
  playProtect: ['NO_ISSUES'],
  refusedAppAccess: ['UNKNOWN_CAPTURING', 'UNKNOWN_CONTROLLING', 'UNKNOWN_OVERLAYS', 'UNKNOWN_INSTALLED'],
  maxActivityLevel: 3,
  maxAgeSeconds: 3_600,
};

const threatsOf = (change: Partial<IntegrityClaims>, requirements = ASKS_ALL) =>
  integrityMisses({ ...INTEGRITY, ...change }, NOW_MS, requirements).map(({ threat }) => threat);

const MISSES: readonly (readonly [string, Partial<IntegrityClaims>])[] = [
  ['integrity_verdict_low', { requestedAtMs: NOW_MS - 3_600_001 }],
  ['integrity_verdict_low', { deviceLabels: [] }],
  ['integrity_verdict_low', { deviceLabels: ['MEETS_STRONG_INTEGRITY_X', 'meets_strong_integrity'] }],
  ['integrity_verdict_low', { sdkVersion: null }],
  ['integrity_verdict_low', { sdkVersion: 32 }],
  ['integrity_verdict_low', { activityLevel: 'LEVEL_4' }],
  ['integrity_verdict_low', { activityLevel: 'LEVEL_12' }],
  ['integrity_verdict_low', { activityLevel: 'UNEVALUATED' }],
  ['integrity_verdict_low', { activityLevel: null }],
  ['app_integrity', { recognition: 'UNRECOGNIZED_VERSION' }],
  ['app_integrity', { recognition: 'UNKNOWN' }],
  ['app_integrity', { recognition: null }],
  ['unofficial_store', { licensing: 'UNLICENSED' }],
  ['unofficial_store', { licensing: 'UNEVALUATED' }],
  ['unofficial_store', { licensing: null }],
  ['malware', { playProtect: 'NO_DATA' }],
  ['malware', { playProtect: null }],
  ['screen_recording', { appsDetected: ['UNKNOWN_CAPTURING'] }],
  ['automation', { appsDetected: ['UNKNOWN_CONTROLLING'] }],
  ['malware', { appsDetected: ['UNKNOWN_OVERLAYS'] }],
  ['malware', { appsDetected: ['UNKNOWN_INSTALLED'] }],
];

describe('requirements of Play Integrity', () => {
  it('are met by a clean verdict', () => {
    expect(threatsOf({})).toEqual([]);
    expect(threatsOf({ appsDetected: ['KNOWN_CAPTURING'] })).toEqual([]);
  });

  it.each(MISSES)('raise %s for %j', (threat, change) => {
    expect(threatsOf(change)).toEqual([threat]);
  });

  it('count an app access risk that was not asked for as each that is refused', () => {
    expect(threatsOf({ appsDetected: null })).toEqual(
      ['malware', 'screen_recording', 'automation'].toSorted(order),
    );
  });

  it.each(MISSES.slice(1))('ask for nothing that the policy does not: %s, %j', (_threat, change) => {
    expect(threatsOf(change, ASKS_NOTHING)).toEqual([]);
  });

  it('are missed where there is no verdict, on Android only', () => {
    const policy = compilePolicy(
      policyOf({ integrity_verdict_low: 'reject' }, { ...LENIENT, integrity: ASKS_NOTHING }),
    );
    expect(appraise(policy, inputOf({ claims: ANDROID }))).toMatchObject({
      verdict: 'rejected',
      decidingRule: 'requirement.integrity',
      decidingThreat: 'integrity_verdict_low',
    });
    expect(
      appraise(policy, inputOf({ claims: ANDROID, ...judgedIntegrity(INTEGRITY, NOW_MS) })).verdict,
    ).toBe('trusted');
    expect(appraise(policy, inputOf({ claims: IOS })).verdict).toBe('trusted');
  });

  it('are not in force under a policy that does not name them', () => {
    const policy = compilePolicy(policyOf({ integrity_verdict_low: 'reject' }));
    expect(appraise(policy, inputOf({ claims: ANDROID })).verdict).toBe('trusted');
  });
});

const ORDER = ['screen_recording', 'automation', 'malware'];
function order(a: string, b: string): number {
  return ORDER.indexOf(a) - ORDER.indexOf(b);
}
