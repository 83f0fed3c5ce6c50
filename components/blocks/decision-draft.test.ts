import { describe, expect, it } from 'vitest';
import { draftOf, EMPTY_FORM, effectsFor, previewOf } from './decision-draft';

const form = { ...EMPTY_FORM, target: ' AS64500 ', scope: 'asn' as const, reason: ' a feed ' };

describe('the form of a decision', () => {
  it('is of every app where none is chosen, and of none where the target names it', () => {
    expect(draftOf(form)).toMatchObject({
      target: 'AS64500',
      appId: null,
      reason: 'a feed',
      effect: 'refuse',
      incident: null,
    });
    expect(draftOf({ ...form, incident: ' INC-2041 ' }).incident).toBe('INC-2041');
    expect(draftOf({ ...form, appId: 'bank' }).appId).toBe('bank');
    expect(draftOf({ ...form, scope: 'app', appId: 'bank' }).appId).toBeNull();
    expect(previewOf(form)).toEqual({ scope: 'asn', target: 'AS64500', effect: 'refuse' });
  });

  it('gives an allowlist entry an owner, and an end whatever was chosen', () => {
    const draft = draftOf({ ...form, effect: 'allow', owner: ' QA ', durationSeconds: null });
    expect(draft).toMatchObject({ effect: 'allow', owner: 'QA', durationSeconds: 31_536_000 });
  });

  it('offers what somebody may do', () => {
    const rights = { devices: [], wide: [], allow: [], lift: [] };
    expect(effectsFor(rights)).toEqual([]);
    expect(effectsFor({ ...rights, wide: 'all' })).toEqual(['refuse', 'simulate']);
    expect(effectsFor({ ...rights, devices: ['bank'], allow: ['bank'] })).toEqual([
      'refuse',
      'simulate',
      'allow',
    ]);
  });
});
