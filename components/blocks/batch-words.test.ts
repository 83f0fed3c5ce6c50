import { describe, expect, it } from 'vitest';
import type { BlockBatch } from '@/lib/contracts';
import { batchStanding, batchWords } from './batch-words';

const act = (changes: Partial<BlockBatch>): BlockBatch => ({
  id: '00000000-0000-4000-8000-000000000000',
  state: 'open',
  reason: 'a farm',
  incident: null,
  createdAt: '2026-03-01T11:00:00.000Z',
  createdByName: 'Riley',
  isLeft: false,
  devices: 1_200,
  handled: 500,
  blocked: 498,
  lifted: 0,
  seq: null,
  mayGoOn: true,
  mayUndo: true,
  ...changes,
});

describe('a bulk act', () => {
  it('is left where nobody moves it, and under way where somebody does, or this page', () => {
    const lead = (isLeft: boolean, isMine = false) => batchStanding(act({ isLeft }), isMine).lead;
    expect([lead(false), lead(true), lead(true, true)]).toEqual(['under way', 'left half way', 'under way']);
    expect(batchStanding(act({ state: 'done' }), false).isLeft).toBe(false);
    expect(batchStanding(act({ state: 'undoing', isLeft: true }), false).isLeft).toBe(true);
  });

  it('says what it has come to', () => {
    expect(batchWords(act({}))).toBe('500 of 1,200 targets dealt with, 498 blocked.');
    expect(batchWords(act({ state: 'done', handled: 1_200, blocked: 1_200 }))).toBe(
      '1,200 of 1,200 targets blocked.',
    );
    expect(batchWords(act({ state: 'done', handled: 1_200, blocked: 1_199 }))).toContain('1 was left');
    expect(batchWords(act({ state: 'undoing', lifted: 10 }))).toContain('10 of 498 blocks lifted');
  });
});
