import { describe, expect, it } from 'vitest';
import type { RotationView } from '@/lib/contracts';
import { stepsOf } from './rotation-steps';

const AT = '2026-03-01T12:00:00.000Z';
const rotation = (changes: Partial<RotationView>): RotationView => ({
  id: '0195a1b2-1234-7abc-8def-0123456789ab',
  state: 'adopting',
  newPin: 'new',
  oldPin: 'old',
  addedInVersion: 4,
  targetShare: 0.99,
  adoption: { devices: 1_000, holding: 600 },
  cutOffNow: 400,
  isSafe: false,
  startedAt: AT,
  startedByName: 'Robin',
  switchedAt: null,
  switchedByName: null,
  cutOffAtSwitch: null,
  confirmedAt: null,
  endedAt: null,
  endedByName: null,
  ...changes,
});
const current = (changes: Partial<RotationView>) =>
  stepsOf(rotation(changes)).find(({ status }) => status === 'current')?.id;
const text = (id: string, changes: Partial<RotationView>) =>
  stepsOf(rotation(changes)).find((step) => step.id === id)?.text;

describe('the steps of a rotation', () => {
  it('go from adoption to retirement', () => {
    expect(current({})).toBe('adopt');
    expect(current({ isSafe: true, cutOffNow: 0 })).toBe('switch');
    expect(current({ state: 'switching' })).toBe('confirm');
    expect(current({ state: 'confirmed' })).toBe('retire');
    expect(current({ state: 'finished' })).toBeUndefined();
  });

  it('never say "safe" while devices would be cut off, and say how many would', () => {
    expect(text('switch', {})).toBe('Not yet safe: 400 devices would be cut off now.');
    expect(text('switch', { isSafe: true, cutOffNow: 1 })).toBe(
      'The goal is reached. 1 device would be cut off now.',
    );
    expect(text('switch', { isSafe: true, cutOffNow: 0 })).toBe('Safe now: nobody would be cut off.');
  });

  it('tell a switch that was announced from one that was not', () => {
    expect(text('switch', { state: 'switching', cutOffAtSwitch: 3 })).toContain('3 devices');
    expect(text('switch', { state: 'confirmed' })).toContain('without being announced');
    expect(text('adopt', { adoption: { devices: 0, holding: 0 } })).toBe(
      'No device was seen in the last 7 days.',
    );
  });
});
