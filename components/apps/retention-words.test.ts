import { describe, expect, it } from 'vitest';
import type { RetentionEffect } from '@/lib/contracts';
import { boundsText, daysText, goneTexts, radiusOf } from './retention-words';

type Gone = RetentionEffect['goes'][number];
const GONE: Gone = {
  field: 'eventDays',
  firstDay: '2026-05-03',
  lastDay: '2026-05-16',
  days: 14,
  attestations: 12_402,
  refusedRequests: 310,
};
const effect = (...goes: Gone[]): RetentionEffect => ({ lowered: goes.map(({ field }) => field), goes });
const none = null;

describe('what goes', () => {
  it('is said with its UTC days, wherever the reader is', () => {
    expect(daysText(GONE)).toBe('14 days, 3 May 2026 to 16 May 2026');
    expect(daysText({ days: 1, firstDay: '2026-01-01', lastDay: '2026-01-01' })).toBe('1 day, 1 Jan 2026');
  });

  it('is counted, and refused requests only bounded', () => {
    const [events, minutes, hours, addresses] = goneTexts(
      effect(
        GONE,
        { ...GONE, field: 'minuteDays', refusedRequests: none },
        { ...GONE, field: 'hourDays', attestations: 1, refusedRequests: none },
        { ...GONE, field: 'addressDays', refusedRequests: 0 },
      ),
    );
    expect(events).toBe(
      '12,402 attestations and at most 310 refused requests of 14 days, 3 May 2026 to 16 May 2026',
    );
    expect(minutes).toBe('counts by the minute of 14 days, 3 May 2026 to 16 May 2026: 12,402 attestations');
    expect(hours).toContain(': 1 attestation');
    expect(addresses).toMatch(/^the addresses of 12,402 attestations of 14 days, .* not seen after that$/);
  });
});

describe('the number before the button', () => {
  it('is the heaviest loss, whatever the order', () => {
    const minutes: Gone = { ...GONE, field: 'minuteDays', refusedRequests: none };
    const hours: Gone = { ...GONE, field: 'hourDays', refusedRequests: none };
    expect(radiusOf(effect(minutes, hours, GONE))).toMatchObject({ count: 12_402, unit: 'attestations go' });
    expect(radiusOf(effect(minutes, hours))).toMatchObject({
      count: 14,
      unit: 'days of counts by the hour go',
    });
    expect(radiusOf(effect({ ...GONE, attestations: 1 })).unit).toBe('attestation goes');
    expect(radiusOf(effect({ ...GONE, field: 'addressDays', attestations: 1 })).unit).toBe(
      'attestation loses its address',
    );
  });

  it('is zero where nothing as old is stored', () => {
    expect(radiusOf({ lowered: ['eventDays'], goes: [] })).toMatchObject({
      count: 0,
      consequence: 'Nothing that is stored is older. It goes sooner from now on.',
    });
  });
});

it('says what is allowed', () => {
  expect(boundsText({ defaultDays: 30, shortestDays: 1, longestDays: 400 })).toBe('30 by default, 1 to 400.');
});
