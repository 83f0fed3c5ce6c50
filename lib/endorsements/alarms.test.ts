import { describe, expect, test } from 'vitest';
import type { EndorsementsView } from '@/lib/contracts';
import { alarmsOf } from './alarms';

const NOW_MS = Date.UTC(2026, 5, 15);
const HOUR_MS = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

type List = EndorsementsView['statusList'];
const LIST: List = {
  source: 'https://example.com/status',
  digest: 'd',
  entries: 400,
  previousEntries: 399,
  fetchedAt: iso(NOW_MS - HOUR_MS),
  changedAt: iso(NOW_MS - HOUR_MS),
  checkedAt: iso(NOW_MS - HOUR_MS),
  nextCheckAt: iso(NOW_MS),
  attempts: 0,
  lastError: null,
  maxAgeHours: 72,
  concernedApps: 2,
};

function anchor(days: number): EndorsementsView['anchors'][number] {
  return {
    format: 'apple-app-attest',
    name: 'root',
    spkiSha256: 'aa',
    notBefore: iso(0),
    notAfter: iso(NOW_MS + days * 24 * HOUR_MS),
    app: null,
  };
}

const TEAM: EndorsementsView['teams'][number] = {
  appId: 'bank',
  appName: 'Bank',
  teamId: 'ABCDE12345',
  keyId: 'KEY1234567',
  setAt: null,
  setByName: null,
  renewed: 0,
  refused: 0,
  due: 0,
  lastRenewedAt: null,
  lastError: null,
  pausedUntil: null,
};

const QUOTA: EndorsementsView['quotas'][number] = {
  appId: 'bank',
  appName: 'Bank',
  day: '2026-06-15',
  calls: 0,
  dailyQuota: 10_000,
  exhausted: 0,
};

const ids = (changes: Partial<Parameters<typeof alarmsOf>[0]>) =>
  alarmsOf(
    { anchors: [anchor(4_000)], statusList: LIST, teams: [TEAM], quotas: [QUOTA], ...changes },
    NOW_MS,
  ).map(({ id, level }) => `${level} ${id}`);
const list = (changes: Partial<List>) => ids({ statusList: { ...LIST, ...changes } });

describe('alarms', () => {
  test('are none where all is well', () => {
    expect(ids({})).toEqual([]);
  });

  test('tell of an anchor half a year before it expires, and of one that has', () => {
    expect(ids({ anchors: [anchor(181)] })).toEqual([]);
    expect(ids({ anchors: [anchor(180)] })).toEqual(['warning anchor_expires:root']);
    expect(ids({ anchors: [anchor(30), anchor(-1)] })).toEqual([
      'critical anchor_expired:root',
      'warning anchor_expires:root',
    ]);
  });

  test('tell of a list that is missing, too old, about to be, of any age, or suddenly short', () => {
    expect(list({ fetchedAt: null })).toEqual(['critical status_list_stale']);
    expect(list({ fetchedAt: iso(NOW_MS - 73 * HOUR_MS) })).toEqual(['critical status_list_stale']);
    expect(list({ fetchedAt: iso(NOW_MS - 40 * HOUR_MS) })).toEqual([]);
    expect(list({ fetchedAt: iso(NOW_MS - 40 * HOUR_MS), lastError: 'timeout' })).toEqual([
      'warning status_list_failing',
    ]);
    expect(list({ lastError: 'timeout' })).toEqual([]);
    expect(list({ maxAgeHours: null, fetchedAt: null })).toEqual(['warning status_list_not_required']);
    expect(list({ entries: 199 })).toEqual(['warning status_list_shrank']);
    expect(list({ fetchedAt: null, concernedApps: 0 })).toEqual([]);
  });

  test('tell of a key that somebody has to mend, and not of what mends itself', () => {
    expect(ids({ teams: [{ ...TEAM, lastError: 'apple_unavailable' }] })).toEqual([]);
    expect(ids({ teams: [{ ...TEAM, lastError: 'apple_unauthorized' }] })).toEqual([
      'warning team_key_refused:bank',
    ]);
  });

  test('tell of a day’s quota that is nearly used up, and of one that is', () => {
    const quota = (calls: number) => ids({ quotas: [{ ...QUOTA, calls }] });
    expect(quota(7_999)).toEqual([]);
    expect(quota(8_000)).toEqual(['warning quota_low:bank']);
    expect(quota(10_000)).toEqual(['warning quota_used_up:bank']);
  });
});
