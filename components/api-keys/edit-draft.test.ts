import { describe, expect, it } from 'vitest';
import { draftOf, editOf, isChanged, movedApis } from './edit-draft';

const managed = { kind: 'managed' as const, revision: 4, apiIds: ['a', 'b'], hookUrl: null };
const external = { kind: 'external' as const, revision: 2, apiIds: [], hookUrl: 'https://keys.example.com/' };

describe('the edit of an API key', () => {
  it('says on which revision it is based, and only what the kind has', () => {
    expect(editOf(managed, { ...draftOf(managed), apiIds: ['b'] }, 'why')).toEqual({
      basedOn: 4,
      reason: 'why',
      apiIds: ['b'],
    });
    expect(editOf(external, draftOf(external), 'why')).toEqual({
      basedOn: 2,
      reason: 'why',
      hook: { url: external.hookUrl },
    });
  });

  it('takes an empty address for no hook, and sends a secret only where one was entered', () => {
    expect(editOf(external, { ...draftOf(external), hookUrl: '' }, 'why').hook).toBeNull();
    expect(editOf(external, { ...draftOf(external), hookSecret: 's' }, 'why').hook).toEqual({
      url: external.hookUrl,
      secret: 's',
    });
  });

  it('is none where nothing differs, whatever the order', () => {
    expect(isChanged(managed, { ...draftOf(managed), apiIds: ['b', 'a'] })).toBe(false);
    expect(isChanged(managed, { ...draftOf(managed), apiIds: ['a'] })).toBe(true);
    expect(isChanged(external, { ...draftOf(external), hookSecret: 's' })).toBe(true);
  });

  it('tells which APIs begin to check the key, and which cease to', () => {
    expect(movedApis(managed, { ...draftOf(managed), apiIds: ['b', 'c'] })).toEqual({
      added: ['c'],
      removed: ['a'],
    });
  });
});
