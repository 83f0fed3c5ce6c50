import type { EndorsementAlarm, EndorsementsView } from '@/lib/contracts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Anchors are replaced by a new version of this product: that takes its users a while. */
const ANCHOR_WARNING_DAYS = 180;
/** A list that has lost as many entries was exchanged rather than tended. */
const SHRUNK_TO = 0.5;

type Facts = Pick<EndorsementsView, 'anchors' | 'statusList' | 'teams' | 'quotas'>;

/** What people must know of anchors, lists and keys, the worst first. Pure: the time is an argument. */
export function alarmsOf({ anchors, statusList, teams, quotas }: Facts, nowMs: number): EndorsementAlarm[] {
  const alarms = [
    ...anchors.flatMap((anchor) => alarmOfAnchor(anchor, nowMs)),
    ...alarmsOfList(statusList, nowMs),
    ...teams.flatMap(alarmOfTeam),
    ...quotas.flatMap(alarmOfQuota),
  ];
  return alarms.toSorted((a, b) => Number(b.level === 'critical') - Number(a.level === 'critical'));
}

function alarmOfAnchor({ name, notAfter }: Facts['anchors'][number], nowMs: number): EndorsementAlarm[] {
  const days = Math.floor((Date.parse(notAfter) - nowMs) / DAY_MS);
  if (days < 0)
    return [
      { id: `anchor_expired:${name}`, level: 'critical', text: `The trust anchor ${name} has expired.` },
    ];
  if (days > ANCHOR_WARNING_DAYS) return [];
  const text = `The trust anchor ${name} expires in ${days} days.`;
  return [{ id: `anchor_expires:${name}`, level: 'warning', text }];
}

function alarmsOfList(list: Facts['statusList'], nowMs: number): EndorsementAlarm[] {
  const { fetchedAt, maxAgeHours, concernedApps, entries, previousEntries, lastError } = list;
  if (concernedApps === 0) return [];
  const alarms: EndorsementAlarm[] = [];
  const ageMs = fetchedAt === null ? null : nowMs - Date.parse(fetchedAt);
  if (maxAgeHours === null) {
    const text = 'Android evidence is accepted however old the list of revoked keys is.';
    alarms.push({ id: 'status_list_not_required', level: 'warning', text });
  } else if (ageMs === null || ageMs > maxAgeHours * HOUR_MS) {
    const what = ageMs === null ? 'There is no list' : 'The list is too old';
    const text = `${what} of revoked Android keys: production apps refuse new Android enrolments.`;
    alarms.push({ id: 'status_list_stale', level: 'critical', text });
  } else if (lastError !== null && ageMs > (maxAgeHours * HOUR_MS) / 2) {
    const text = 'The list of revoked Android keys cannot be fetched, and will soon be too old.';
    alarms.push({ id: 'status_list_failing', level: 'warning', text });
  }
  if (previousEntries !== null && entries < previousEntries * SHRUNK_TO) {
    const text = `The list of revoked Android keys shrank from ${previousEntries} to ${entries} entries.`;
    alarms.push({ id: 'status_list_shrank', level: 'warning', text });
  }
  return alarms;
}

/** Errors that nothing but a person mends. */
const NEEDS_SOMEBODY: ReadonlySet<string> = new Set(['apple_unauthorized', 'key_unusable']);

function alarmOfTeam({ appId, appName, lastError }: Facts['teams'][number]): EndorsementAlarm[] {
  if (lastError === null || !NEEDS_SOMEBODY.has(lastError)) return [];
  const text = `Apple refuses the key of ${appName}: its receipts are not renewed.`;
  return [{ id: `team_key_refused:${appId}`, level: 'warning', text }];
}

/** From this share of a day's quota on, somebody may still ask Google for more in time. */
const QUOTA_WARNING = 0.8;

/** What exceeds the quota is not asked for: devices are left without a verdict until Google's day ends. */
function alarmOfQuota(quota: Facts['quotas'][number]): EndorsementAlarm[] {
  const { appId, appName, calls, dailyQuota, exhausted } = quota;
  if (calls < dailyQuota * QUOTA_WARNING) return [];
  if (calls < dailyQuota) {
    const share = Math.floor((calls / dailyQuota) * 100);
    const text = `${appName} has used ${share} % of its Play Integrity quota of today.`;
    return [{ id: `quota_low:${appId}`, level: 'warning', text }];
  }
  const text = `${appName} has used up its Play Integrity quota of today: ${exhausted} verdicts were not decoded.`;
  return [{ id: `quota_used_up:${appId}`, level: 'warning', text }];
}
