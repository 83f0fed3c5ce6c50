import { describe, expect, it } from 'vitest';
import { conditionSchema, quarantineDraftSchema } from '@/lib/contracts';
import {
  conditionOf,
  EMPTY_QUARANTINE,
  formOfCell,
  QUARANTINE_DURATIONS,
  quarantineProblems,
  rangeOfVersion,
  remainingWords,
} from './quarantine-form';

const CELL = { platform: 'ios', osVersion: '26.6', appVersion: null, model: null, country: null };

describe('the form of a quarantine', () => {
  it('states only what was filled in, and nothing where nothing was', () => {
    expect(conditionOf(EMPTY_QUARANTINE)).toBeNull();
    const form = { ...EMPTY_QUARANTINE, osBelow: ' 26.7 ', models: 'Pixel 9\n Pixel 10*\n' };
    const condition = conditionOf(form);
    expect(condition).toEqual({ osVersion: { below: '26.7' }, models: ['Pixel 9', 'Pixel 10*'] });
    expect(conditionSchema.parse(condition)).toEqual(condition);
  });

  it('is what a cell states, whose exact version becomes the range of it', () => {
    expect(conditionOf(formOfCell('hooks', CELL))).toEqual({
      platform: 'ios',
      osVersion: { from: '26.6', below: '26.7' },
    });
    expect(conditionOf(formOfCell('hooks', { ...CELL, model: 'iPhone18,1', osVersion: null }))).toEqual({
      platform: 'ios',
      models: ['iPhone18,1'],
    });
  });

  it('offers lengths that the server takes, a day at first', () => {
    for (const { seconds } of QUARANTINE_DURATIONS) {
      const draft = { appId: 'bank', threat: 'hooks', when: { platform: 'ios' }, reason: 'why' };
      expect(quarantineDraftSchema.safeParse({ ...draft, durationSeconds: seconds }).success).toBe(true);
    }
    expect(QUARANTINE_DURATIONS.map(({ seconds }) => seconds)).toContain(EMPTY_QUARANTINE.durationSeconds);
  });

  it('says beside each field what the server found wrong with it', () => {
    expect(
      quarantineProblems({ 'when.osVersion.from': 'must be a version', threat: 'is always rejected' }),
    ).toEqual({ osVersion: 'must be a version', threat: 'is always rejected' });
  });
});

it('the range of a version ends before the next one', () => {
  expect(rangeOfVersion('26.6.1')).toEqual({ from: '26.6.1', below: '26.6.2' });
  expect(rangeOfVersion('16')).toEqual({ from: '16', below: '17' });
  expect(rangeOfVersion('5.4.0-beta')).toEqual({ from: '5.4.0', below: '5.4.1' });
  for (const none of [null, '', 'unknown']) expect(rangeOfVersion(none)).toEqual({ from: '', below: '' });
});

it('remaining time is never less than there is', () => {
  const at = (ms: number) => new Date(ms).toISOString();
  expect(remainingWords(at(47_001), 0)).toBe('48 s');
  expect(remainingWords(at(61_000), 0)).toBe('2 min');
  expect(remainingWords(at(3_600_000 * 3 + 720_000), 0)).toBe('3 h 12 min');
  expect(remainingWords(at(86_400_000 * 7), 0)).toBe('7 days');
  expect(remainingWords(at(0), 5_000)).toBe('0 s');
});
