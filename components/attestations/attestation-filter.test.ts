import { describe, expect, it } from 'vitest';
import type { AttestationRow } from '@/lib/contracts';
import { arrivalsOf, countActive, filterOf, filterParams } from './attestation-filter';
import { row } from './testing/rows';

const message = (rows: AttestationRow[], more = 0) => ({
  serverTime: '2026-03-03T12:00:00.000Z',
  counts: [{ appId: 'retail-bank', verdict: 'rejected' as const, events: rows.length + more }],
  rows,
});

describe('filterParams', () => {
  it('states what narrows and leaves out what does not', () => {
    const range = { kind: 'named', name: '24h' } as const;
    expect(filterParams({ range, facets: { verdict: ['rejected', 'flagged'], app: [] }, q: '' })).toEqual({
      range: '24h',
      verdict: ['rejected', 'flagged'],
    });
    expect(filterParams({ range: { kind: 'named', name: '1h' }, facets: {}, q: 'K7QF-2M9D' })).toEqual({
      range: '1h',
      q: 'K7QF-2M9D',
    });
  });
});

describe('filterOf', () => {
  it('reads what filterParams states, and takes nothing else for a filter', () => {
    const search = new URLSearchParams(
      'range=1h&verdict=rejected&verdict=flagged&country=&q=K7QF-2M9D&event=x',
    );
    expect(filterParams(filterOf(search, '24h'))).toEqual({
      range: '1h',
      verdict: ['rejected', 'flagged'],
      country: [''],
      q: 'K7QF-2M9D',
    });
    expect(filterParams(filterOf(new URLSearchParams('range=never'), '15m'))).toEqual({ range: '15m' });
  });
});

describe('countActive', () => {
  it('counts values and the search', () => {
    expect(countActive({ facets: { verdict: ['rejected', 'flagged'], app: [] }, q: 'x' })).toBe(3);
  });
});

describe('arrivalsOf', () => {
  const hooked = row({ verdict: 'rejected', decidingThreat: 'hooks', country: null });

  it('gives the rows that every facet lets through', () => {
    expect(arrivalsOf(message([hooked]), { facets: { threat: ['hooks'], country: [''] }, q: '' })).toEqual([
      hooked,
    ]);
    expect(arrivalsOf(message([hooked]), { facets: { threat: ['emulator'] }, q: '' })).toEqual([]);
  });

  it('asks where the message holds only a part of what happened', () => {
    expect(arrivalsOf(message([hooked], 3), { facets: {}, q: '' })).toBe('ask');
  });

  it('does not ask where nothing of what happened can match', () => {
    expect(arrivalsOf(message([hooked], 3), { facets: { verdict: ['trusted'] }, q: '' })).toEqual([]);
    expect(arrivalsOf(message([hooked], 3), { facets: { app: ['fleet'] }, q: '' })).toEqual([]);
  });

  it('asks for what a row does not state', () => {
    expect(arrivalsOf(message([hooked]), { facets: { policyVersion: ['3'] }, q: '' })).toBe('ask');
    expect(arrivalsOf(message([hooked]), { facets: {}, q: 'K7QF-2M9D' })).toBe('ask');
  });
});
