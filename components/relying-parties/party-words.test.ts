import { describe, expect, it } from 'vitest';
import type { RelyingPartyView } from '@/lib/contracts';
import { standingOf } from './party-words';

const SEEN = '2026-03-03T12:00:00.000Z';
const party = (...replicas: [alive: boolean, current: boolean][]): RelyingPartyView => ({
  id: '0195a1b2-1234-7abc-8def-0123456789ab',
  name: 'edge',
  apiId: 'api',
  createdAt: SEEN,
  createdByName: 'Ada',
  replicas: replicas.map(([alive, current], at) => ({ replica: `r${at}`, lastSeenAt: SEEN, alive, current })),
});

describe('the standing of a relying party', () => {
  it.each([
    [party(), 'unknown', 'never heard of'],
    [party([false, true]), 'rejected', 'away'],
    [party([true, true], [false, false]), 'trusted', 'up to date, 1 process'],
    [party([true, true], [true, false]), 'flagged', '1 of 2 processes behind'],
  ])('goes by the processes that live', (view, mark, text) => {
    expect(standingOf(view)).toMatchObject({ mark, text });
  });
});
