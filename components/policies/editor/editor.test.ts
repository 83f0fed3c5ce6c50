import { describe, expect, test } from 'vitest';
import {
  type Policy,
  type PolicyChange,
  type PolicyRule,
  policySchema,
  RULE_FUNCTIONS,
  RULE_VARIABLES,
} from '@/lib/contracts';
import { editReducer, startHistory } from './edit-history';
import { beginEditing, editingReducer, isDirty, isUpToDate } from './editing';
import { merge, mergeChoices } from './merge-drafts';
import { freeId, isSamePolicy, partOf, withPart } from './policy-parts';
import { prepareThreats, type ThreatFacts } from './prepare-threats';
import { complete, completionsAt } from './rule-completion';

const BALANCED: Policy = {
  schema: 2,
  threats: { hooks: 'reject', debugger: 'reject', emulator: 'reject', malware: 'restrict' },
  requirements: {
    ...{ environment: 'production', securityLevel: 'tee', verifiedBoot: true, registeredVersion: true },
    ...{ maxPatchAgeDays: 365, maxEvidenceAgeSeconds: 2_592_000 },
  },
  tokenTtlSeconds: 300,
};
const changesAt = (...paths: string[]): PolicyChange[] =>
  paths.map((path) => ({ path, words: path, direction: 'neither', from: null, to: null }));
const RULE: PolicyRule = {
  id: 'night',
  title: 'At night',
  expression: 'platform == "ios"',
  response: 'flag',
};
const CONDITION = {
  ...{ id: 'ios-26', threat: 'hooks', response: 'observe' as const },
  when: { platform: 'ios' as const },
};

describe('parts of a policy', () => {
  test('are set and taken away by the paths that differences are told by', () => {
    const strict: Policy = {
      ...{ ...BALANCED, tokenTtlSeconds: 60, threats: { ...BALANCED.threats, malware: 'reject' } },
      requirements: { ...BALANCED.requirements, maxEvidenceAgeSeconds: null },
      ...{ conditions: [CONDITION], annotations: { hooks: 'seen' } },
      outcomes: { flagged: { tokenTtlSeconds: 60 } },
    };
    const paths = [
      ...['threats.malware', 'requirements.maxEvidenceAgeSeconds', 'tokenTtlSeconds', 'conditions.ios-26'],
      ...['annotations.hooks', 'outcomes.flagged.tokenTtlSeconds'],
    ];
    const policy = paths.reduce((made, path) => withPart(made, path, partOf(strict, path)), BALANCED);
    expect(policy).toEqual(strict);
    const back = paths.reduce((made, path) => withPart(made, path, partOf(BALANCED, path)), policy);
    expect(back).toEqual(BALANCED);
    const [added, removed] = [
      withPart(policy, 'rules.night', RULE),
      withPart(policy, 'rules.night', undefined),
    ];
    expect(partOf(added, 'rules.night')).toEqual(RULE);
    expect(withPart(added, 'rules.night', undefined)).not.toHaveProperty('rules');
    expect(isSamePolicy(removed, policy)).toBe(true);
  });

  test('are put together to policies that validate, of the schema that they need', () => {
    const first: Policy = { ...BALANCED, schema: 1 };
    const parts: [string, unknown][] = [
      ['conditions.ios-26', CONDITION],
      ['rules.night', RULE],
      ['outcomes.restricted.withholdsApiKeys', ['maps']],
      ['requirements.minOsVersion', { ios: '17' }],
    ];
    for (const [path, value] of parts) {
      expect(policySchema.parse(withPart(first, path, value)).schema).toBe(2);
    }
    expect(policySchema.parse(withPart(first, 'threats.hooks', 'flag')).schema).toBe(1);
  });

  test('that hold nothing go with their last value', () => {
    const policy = withPart(BALANCED, 'outcomes.flagged.annotations', ['review']);
    expect(withPart(policy, 'outcomes.flagged.annotations', undefined)).not.toHaveProperty('outcomes');
  });

  test('of which nothing is said mean the same as those that say so', () => {
    const { hooks: _, ...threats } = BALANCED.threats;
    const silent: Policy = { ...BALANCED, threats };
    expect(isSamePolicy(silent, { ...BALANCED, threats: { ...threats, hooks: 'observe' } })).toBe(true);
    expect(isSamePolicy(silent, BALANCED)).toBe(false);
  });

  test('get ids that are free and that the schema takes', () => {
    expect(freeId([], 'iOS 26.6, misfires!')).toBe('ios-26-6-misfires');
    expect(freeId(['ios', 'ios-2'], 'iOS')).toBe('ios-3');
    expect(freeId([], '…')).toBe('item');
  });
});

describe('the history of edits', () => {
  const set = (path: string, value: unknown, typing = false) =>
    ({ kind: 'set', path, value, typing }) as const;

  test('goes back and forth step by step, and an edit after going back forgets what came', () => {
    let history = startHistory(BALANCED);
    history = editReducer(history, set('threats.hooks', 'flag'));
    history = editReducer(history, set('threats.debugger', 'flag'));
    history = editReducer(history, { kind: 'undo' });
    expect(history.present.threats).toMatchObject({ hooks: 'flag', debugger: 'reject' });
    history = editReducer(editReducer(history, { kind: 'redo' }), { kind: 'redo' });
    expect(history.present.threats.debugger).toBe('flag');
    history = editReducer(editReducer(history, { kind: 'undo' }), set('tokenTtlSeconds', 120));
    expect(editReducer(history, { kind: 'redo' })).toBe(history);
    for (let step = 0; step < 3; step++) history = editReducer(history, { kind: 'undo' });
    expect(history.present).toBe(BALANCED);
  });

  test('takes what was typed into one field as one step, until the field is left', () => {
    let history = startHistory(BALANCED);
    for (const value of [1, 12, 120]) history = editReducer(history, set('tokenTtlSeconds', value, true));
    expect(history.past).toHaveLength(1);
    history = editReducer(history, { kind: 'settle' });
    history = editReducer(history, set('tokenTtlSeconds', 1200, true));
    expect(history.past).toHaveLength(2);
    expect(editReducer(history, { kind: 'undo' }).present.tokenTtlSeconds).toBe(120);
  });

  test('knows an edit that changes nothing', () => {
    const history = startHistory(BALANCED);
    expect(editReducer(history, set('threats.hooks', 'reject'))).toBe(history);
    expect(editReducer(history, { kind: 'replace', policy: { ...BALANCED } })).toBe(history);
  });
});

describe('the work on a draft', () => {
  const start = { revision: 0, basedOn: 4, policy: BALANCED };
  const edited = editingReducer(beginEditing(start), {
    ...{ kind: 'set', path: 'threats.hooks', value: 'flag' },
  });

  test('is saved for as long as nothing is edited since, and its steps stay', () => {
    expect(isDirty(edited)).toBe(true);
    const policy = edited.history.present;
    const saved = editingReducer(edited, { kind: 'saved', start: { revision: 1, basedOn: 4, policy } });
    expect(isDirty(saved)).toBe(false);
    const undone = editingReducer(saved, { kind: 'undo' });
    expect([isDirty(undone), undone.history.present]).toEqual([true, BALANCED]);
  });

  test('is overtaken by another revision, and where there is no draft by another version in force', () => {
    expect(isUpToDate(edited, start)).toBe(true);
    expect(isUpToDate(edited, { ...start, revision: 3 })).toBe(false);
    expect(isUpToDate(edited, { ...start, basedOn: 5 })).toBe(false);
  });

  test('goes on from what somebody else saved with one step, and can be put on top of another version', () => {
    const theirs = { revision: 7, basedOn: 5, policy: { ...BALANCED, tokenTtlSeconds: 60 } };
    const policy = withPart(theirs.policy, 'threats.hooks', 'flag');
    const rebased = editingReducer(edited, { kind: 'rebase', start: theirs, policy });
    expect(rebased).toMatchObject({ start: { revision: 7 }, basedOn: 5 });
    expect(isDirty(rebased)).toBe(true);
    expect(isDirty(editingReducer(beginEditing(theirs), { kind: 'base', version: 6 }))).toBe(true);
  });
});

describe('two drafts', () => {
  const mine = withPart(withPart(BALANCED, 'threats.hooks', 'flag'), 'threats.malware', 'flag');
  const theirs = withPart(withPart(BALANCED, 'threats.hooks', 'restrict'), 'rules.night', RULE);
  const sides = { base: BALANCED, mine, theirs };
  const choices = mergeChoices(changesAt('threats.hooks', 'threats.malware', 'rules.night'), sides);

  test('are merged by proposing each change to whom it belongs, and both where both changed it', () => {
    const proposed = Object.fromEntries(choices.map((one) => [one.path, [one.proposed, one.isContested]]));
    expect(proposed).toEqual({
      'threats.hooks': ['mine', true],
      'threats.malware': ['mine', false],
      'rules.night': ['theirs', false],
    });
    const merged = merge(sides, new Map(choices.map(({ path, proposed: side }) => [path, side])));
    expect(merged.threats).toMatchObject({ hooks: 'flag', malware: 'flag' });
    expect(merged.rules).toEqual([RULE]);
  });

  test('give theirs or mine where all is chosen to be', () => {
    const all = (side: 'mine' | 'theirs') => new Map(choices.map(({ path }) => [path, side]));
    expect(isSamePolicy(merge(sides, all('mine')), mine)).toBe(true);
    expect(isSamePolicy(merge(sides, all('theirs')), theirs)).toBe(true);
  });
});

describe('completion of rules', () => {
  const language = {
    ...{ variables: RULE_VARIABLES, functions: RULE_FUNCTIONS },
    threats: [
      { id: 'hooks', title: 'Hooking framework attached' },
      { id: 'emulator', title: 'Emulator or simulator' },
    ],
  };
  const at = (text: string) => {
    const cursor = text.indexOf('|');
    return completionsAt(text.replace('|', ''), cursor, language);
  };
  const labels = (text: string) => at(text).options.map(({ label }) => label);

  test('offers variables and functions by what was typed of them', () => {
    expect(labels('os|')).toEqual(['os_version']);
    expect(labels('claims.pa|')).toEqual(['claims.patch_age_days']);
    expect(labels('vers|')[0]).toBe('version_at_least');
    expect(labels('platform|')).toEqual([]);
    expect(labels('1|')).toEqual([]);
  });

  test('offers what can be asked of a variable after its dot', () => {
    expect(labels('model.start|')).toEqual(['.startsWith']);
    expect(labels('nothing.start|')).toEqual([]);
  });

  test('offers ids of threats within texts, and the documented values beside a comparison', () => {
    expect(labels('"em|" in threats')).toEqual(['emulator']);
    expect(labels('platform == "|"')).toEqual(['ios', 'android', 'unknown']);
    expect(labels('"a\\"|')).toEqual([]);
  });

  test('replaces the whole word, and puts the cursor where the argument goes', () => {
    const found = at('vers| && true');
    const [first] = found.options;
    if (first === undefined) throw new Error('Nothing was offered.');
    expect(complete('vers && true', found, first)).toEqual({
      expression: 'version_at_least(, "") && true',
      cursor: 'version_at_least('.length,
    });
    const member = at('model.sta|');
    expect(complete('model.sta', member, member.options[0] ?? first)).toEqual({
      expression: 'model.startsWith("")',
      cursor: 'model.startsWith("'.length,
    });
  });
});

test('threats are shown by component, with what differs from the version in force and from the baseline', () => {
  const fact = (id: string, component: ThreatFacts['component']): ThreatFacts => ({
    ...{ id, component, title: id, platforms: [], source: 'runtime', attack: [], maswe: [], isHard: false },
  });
  const policy = withPart(withPart(BALANCED, 'threats.emulator', 'flag'), 'conditions.ios-26', CONDITION);
  const facts = [fact('emulator', 'device'), fact('hooks', 'app'), fact('debugger', 'app')];
  const about = { policy, inForce: BALANCED, baseline: BALANCED };
  const groups = prepareThreats(facts, about);
  expect(groups.map(({ label, rows }) => [label, rows.map(({ id }) => id)])).toEqual([
    ['App', ['hooks', 'debugger']],
    ['Device', ['emulator']],
  ]);
  expect(groups[1]?.rows[0]).toMatchObject({
    ...{ response: 'flag', was: 'reject', isChanged: true },
    baseline: { response: 'reject', isOverridden: true },
  });
  expect(groups[0]?.rows[0]).toMatchObject({ was: null, isChanged: true, conditions: [{ isChanged: true }] });
  const changed = prepareThreats(facts, about, { text: '', onlyChanged: true });
  expect(changed.flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual(['hooks', 'emulator']);
  expect(prepareThreats(facts, about, { text: 'debug', onlyChanged: false })).toHaveLength(1);
});
