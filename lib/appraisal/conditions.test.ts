import { describe, expect, it } from 'vitest';
import { type Condition, conditionSchema, type QuarantineSnapshot } from '@/lib/contracts';
import { appraise, compilePolicy, isBelowMinimum, judgedIntegrity } from './index';
import { DEMANDING, INTEGRITY, inputOf, NOW_MS, policyOf } from './testing';

const CLIENT = inputOf().client;

function judged(
  when: Condition,
  client: Partial<typeof CLIENT> = {},
  quarantines: QuarantineSnapshot[] = [],
) {
  const policy = policyOf({ hooks: 'flag' });
  const conditions = [{ id: 'c', threat: 'hooks', when, response: 'reject' as const }];
  const input = inputOf({ runtimeThreats: ['hooks'], client: { ...CLIENT, ...client } });
  return appraise(compilePolicy({ ...policy, conditions }, quarantines), input);
}

describe('a condition', () => {
  it.each<[Condition, Partial<typeof CLIENT>, boolean]>([
    [{ platform: 'ios' }, { platform: 'ios' }, true],
    [{ platform: 'ios' }, { platform: 'unknown' }, false],
    [{ osVersion: { from: '26.6', below: '26.7' } }, { osVersion: '26.6' }, true],
    [{ osVersion: { from: '26.6', below: '26.7' } }, { osVersion: '26.6.10' }, true],
    [{ osVersion: { from: '26.6', below: '26.7' } }, { osVersion: '26.7' }, false],
    [{ osVersion: { from: '26.6' } }, { osVersion: '26.10' }, true],
    [{ osVersion: { from: '26.6' } }, { osVersion: '26.6-beta' }, true],
    [{ osVersion: { below: '26.6' } }, { osVersion: 'beta 3' }, false],
    [{ appVersion: { below: '5.10' } }, { appVersion: '5.9.1' }, true],
    [{ models: ['Pixel*'] }, { model: 'Pixel 10' }, true],
    [{ models: ['Pixel'] }, { model: 'Pixel 10' }, false],
    [{ countries: ['DE'] }, { country: null }, false],
    [{ countries: ['DE'] }, { country: 'DE' }, true],
    [{ networkKinds: ['hosting'] }, { networkKind: 'hosting' }, true],
    [{ platform: 'ios', countries: ['DE'] }, { platform: 'ios', country: 'FR' }, false],
  ])('%j holds of %j: %s', (when, client, holds) => {
    expect(conditionSchema.parse(when)).toEqual(when);
    expect(judged(when, client)).toMatchObject(
      holds
        ? { verdict: 'rejected', decidingRule: 'condition.c' }
        : { verdict: 'flagged', decidingRule: 'threat.hooks' },
    );
  });

  it.each([
    {},
    { osVersion: {} },
    { osVersion: { from: '26.7', below: '26.7' } },
    { osVersion: { from: 'x' } },
    { models: ['*'] },
    { models: ['a*b'] },
    { countries: ['fr'] },
    { country: 'FR' },
  ])('refuses %j', (when) => {
    expect(conditionSchema.safeParse(when).success).toBe(false);
  });

  it('replaces the response of the threat, and the worst of several that hold wins', () => {
    const of = (id: string, response: 'observe' | 'restrict') => ({
      ...{ id, threat: 'hooks', when: { platform: 'android' as const }, response },
    });
    const input = inputOf({ runtimeThreats: ['hooks'] });
    const policy = policyOf({ hooks: 'reject' });
    const judge = (...conditions: ReturnType<typeof of>[]) =>
      appraise(compilePolicy({ ...policy, conditions }), input);
    expect(judge(of('a', 'observe')).verdict).toBe('trusted');
    const both = judge(of('a', 'observe'), of('b', 'restrict'), of('c', 'restrict'));
    expect(both).toMatchObject({ verdict: 'restricted', decidingRule: 'condition.b' });
    expect(both.smallestFlip?.changes.map(({ rule }) => rule)).toEqual(['condition.b', 'condition.c']);
  });
});

describe('a quarantine', () => {
  const quarantine = (changes: Partial<QuarantineSnapshot> = {}): QuarantineSnapshot => ({
    id: '00000000-0000-4000-8000-000000000001',
    threat: 'hooks',
    when: { platform: 'android' },
    fromMs: NOW_MS,
    toMs: NOW_MS + 1,
    ...changes,
  });

  it.each([
    [{}, 'trusted'],
    [{ toMs: NOW_MS }, 'rejected'],
    [{ fromMs: NOW_MS + 1, toMs: NOW_MS + 2 }, 'rejected'],
    [{ threat: 'debugger' }, 'rejected'],
    [{ when: { platform: 'ios' } as const }, 'rejected'],
  ])('%j: %s, from its first millisecond to its last', (changes, verdict) => {
    const appraisal = judged({ platform: 'android' }, {}, [quarantine(changes)]);
    expect(appraisal.verdict).toBe(verdict);
    if (verdict === 'trusted') {
      expect(appraisal.matched).toMatchObject([{ threat: 'hooks', response: 'observe' }]);
      expect(appraisal.matched[0]?.rule).toBe(`quarantine.${quarantine().id}`);
    }
  });

  it('brings nothing back that the policy ignores', () => {
    const compiled = compilePolicy(policyOf({ hooks: 'ignore' }), [quarantine()]);
    expect(appraise(compiled, inputOf({ runtimeThreats: ['hooks'] })).matched).toEqual([]);
  });
});

describe('requirements on versions', () => {
  const requirements = {
    ...DEMANDING,
    minOsVersion: { ios: '26', android: '15' },
    appVersions: { android: { allowed: [{ from: '5.4' }], withdrawn: ['5.5.0'] } },
  };
  const raised = (client: Partial<typeof CLIENT>) =>
    appraise(
      compilePolicy(policyOf({}, requirements)),
      inputOf({ client: { ...CLIENT, ...client } }),
    ).matched.map(({ threat }) => threat);

  it.each([
    [{}, []],
    [{ osVersion: '14.9' }, ['os_version_unsupported']],
    [{ osVersion: 'unknown' }, ['os_version_unsupported']],
    [{ appVersion: '5.3.9' }, ['app_version_unsupported']],
    [{ appVersion: '5.5.0' }, ['app_version_unsupported']],
    [{ appVersion: '' }, ['app_version_unsupported']],
    [{ platform: 'unknown' as const, osVersion: '16', appVersion: '9' }, ['os_version_unsupported']],
  ])('%j raises %j', (client, threats) => {
    expect(raised(client)).toEqual(threats);
  });

  it('a label or a metric that nobody verified is missing', () => {
    const rule = {
      id: 'labels',
      title: 'Labels',
      response: 'flag' as const,
      expression: '!has(claims.play_labels) || !("MEETS_DEVICE_INTEGRITY" in claims.play_labels)',
    };
    const policy = compilePolicy({ ...policyOf({}), rules: [rule] });
    const judge = (deviceLabels: string[] | null) =>
      appraise(policy, inputOf(judgedIntegrity(deviceLabels && { ...INTEGRITY, deviceLabels }, NOW_MS)));
    expect(judge(null).matched).toMatchObject([{ rule: 'rule.labels' }]);
    expect(judge(['MEETS_DEVICE_INTEGRITY_X']).matched).toMatchObject([{ rule: 'rule.labels' }]);
    expect(judge(['MEETS_DEVICE_INTEGRITY']).matched).toEqual([]);
  });
});

it.each([
  [{ ios: null, android: null }, 'ios', '', false],
  [{ ios: '5.4', android: null }, 'ios', '5.3.9', true],
  [{ ios: '5.4', android: null }, 'ios', '5.4.0', false],
  [{ ios: '5.4', android: null }, 'ios', 'x', true],
  [{ ios: '5.4', android: null }, 'android', '1', false],
  [{ ios: '5.4', android: null }, 'unknown', '9', true],
])('the emergency minimum %j meets %s %s: %s', (minimum, platform, version, isBelow) => {
  expect(isBelowMinimum(minimum, platform, version)).toBe(isBelow);
});
