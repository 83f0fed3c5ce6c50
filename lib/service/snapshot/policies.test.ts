import { describe, expect, test } from 'vitest';
import { appraise, TEMPLATES } from '@/lib/appraisal';
import { inputOf } from '@/lib/appraisal/testing';
import { type AppChange, appChangeSchema, CHANGE_TOPICS } from '@/lib/contracts';
import { appEntry, policiesFor } from './state';

const APP: AppChange = appChangeSchema.parse({
  ...{ id: 'bank', name: 'Bank', environment: 'production', appleTeamId: null, appleBundleIds: [] },
  ...{ appleEnvironments: [], androidPackages: [], androidSignerDigests: [], trustAnchors: [] },
  ...{ onStale: 'strict', tellBlocked: false, configVersion: 1, policyVersion: 1, versions: [] },
  policy: TEMPLATES.permissive,
});
const NEWER = { ...APP, policyVersion: 2, policy: { schema: 3, responses: ['something new'] } };
const ID = '0199a000-0000-7000-8000-000000000001';

describe('a policy of a newer schema', () => {
  test('can be read from the feed, and keeps no other change from being read', () => {
    expect(CHANGE_TOPICS.app.safeParse(NEWER).success).toBe(true);
    expect(CHANGE_TOPICS.app.safeParse({ ...APP, policy: { schema: 1 } }).success).toBe(false);
  });

  test('denies everything where the app is strict, and says why', () => {
    for (const before of [undefined, appEntry(APP)]) {
      const entry = appEntry(NEWER, before);
      expect(entry).toMatchObject({ unsupportedSchema: 3, policy: { version: 2 } });
      expect(appraise(entry.policy.compiled, inputOf())).toMatchObject({
        ...{ verdict: 'rejected', decidingRule: 'policy.schema', decidingThreat: 'policy_unsupported' },
        smallestFlip: null,
      });
    }
  });

  test('keeps the last version that was known where the app is not, and denies where none was', () => {
    const lenient = { ...NEWER, onStale: 'best_effort' as const };
    const kept = appEntry({ ...lenient, policyVersion: 3 }, appEntry(lenient, appEntry(APP)));
    expect(kept).toMatchObject({ unsupportedSchema: 3, policy: { version: 1, policyIds: ['bank/1'] } });
    expect(appraise(kept.policy.compiled, inputOf({ runtimeThreats: ['hooks'] })).verdict).toBe('flagged');
    expect(appraise(appEntry(lenient).policy.compiled, inputOf()).verdict).toBe('rejected');
  });
});

describe('a version that is being rolled out', () => {
  const rollingOut = (percent: number) =>
    appEntry({ ...APP, candidate: { rolloutId: ID, version: 2, policy: TEMPLATES.strict, percent } });

  test('judges its share of devices, and is only noted for the others', () => {
    expect(policiesFor(appEntry(APP), ID)).toMatchObject({ judge: { version: 1 }, shadow: null });
    expect(policiesFor(rollingOut(0), ID)).toMatchObject({ judge: { version: 1 }, shadow: { version: 2 } });
    expect(policiesFor(rollingOut(100), ID)).toMatchObject({ judge: { version: 2 }, shadow: { version: 1 } });
  });

  test('judges nobody who has proved no identity', () => {
    expect(policiesFor(rollingOut(100), null)).toMatchObject({ judge: { version: 1 } });
  });
});
