import { plural } from '@/components/ui/format';
import type { EndorsementsView } from '@/lib/contracts';

const ERRORS: Readonly<Record<string, string>> = {
  url_refused: 'its address is refused',
  address_refused: 'its address is private and was not allowed',
  unreachable: 'it cannot be reached',
  timeout: 'it does not answer in time',
  redirected: 'it sends us elsewhere',
  encoding_refused: 'it answers in a packed form',
  answer_too_large: 'its answer is too large',
  status_unexpected: 'it answers with an error',
  list_malformed: 'its answer is no list of keys',
  list_empty: 'its list is empty',
  not_modified_unexpectedly: 'it says that nothing has changed, and nothing is here',
  apple_unauthorized: 'Apple refuses the key',
  apple_too_many: 'Apple was asked too often',
  apple_unavailable: 'Apple’s service is away',
  apple_answer_malformed: 'Apple’s answer is no receipt',
  key_unusable: 'the stored key cannot be used',
};

/** Why something could not be fetched, as the rest of a sentence. */
export function errorWords(code: string): string {
  return ERRORS[code] ?? code;
}

const FORMATS: Readonly<Record<EndorsementsView['anchors'][number]['format'], string>> = {
  'apple-app-attest': 'App Attest',
  'apple-receipt': 'App Attest receipts',
  'android-key-attestation': 'Android key attestation',
  any: 'Everything of its app',
};

/** What an anchor is trusted for. */
export function formatWords(format: keyof typeof FORMATS): string {
  return FORMATS[format];
}

/** From which age on the list is too old. */
export function ageWords(maxAgeHours: number | null): string {
  if (maxAgeHours === null) return 'never';
  return maxAgeHours % 24 === 0 ? plural(maxAgeHours / 24, 'day') : plural(maxAgeHours, 'hour');
}

type ListState = { tone: 'trusted' | 'flagged' | 'rejected' | 'unknown'; label: string };

/** How the list stands. Without a time of the viewer it is not known how old it is. */
export function listState(list: EndorsementsView['statusList'], nowMs: number | null): ListState {
  const { fetchedAt, maxAgeHours, concernedApps } = list;
  if (fetchedAt === null)
    return { tone: concernedApps > 0 && maxAgeHours !== null ? 'rejected' : 'unknown', label: 'none yet' };
  if (nowMs === null) return { tone: 'unknown', label: 'fetched' };
  if (maxAgeHours === null) return { tone: 'flagged', label: 'may be of any age' };
  const isStale = nowMs - Date.parse(fetchedAt) > maxAgeHours * 3_600_000;
  return isStale ? { tone: 'rejected', label: 'too old' } : { tone: 'trusted', label: 'current' };
}

const DAY_MS = 86_400_000;
const WARNING_DAYS = 180;

/** How long an anchor still lasts, and whether that is a worry. */
export function expiryWords(notAfter: string, nowMs: number): { tone: ListState['tone']; label: string } {
  const days = Math.floor((Date.parse(notAfter) - nowMs) / DAY_MS);
  if (days < 0) return { tone: 'rejected', label: 'expired' };
  const years = Math.floor(days / 365);
  const label = years >= 2 ? `${years} years left` : `${plural(days, 'day')} left`;
  return { tone: days <= WARNING_DAYS ? 'flagged' : 'trusted', label };
}

const QUOTA_WARNING = 0.8;

/** How much of a day's quota is used, and whether that is a worry. */
export function quotaState({
  calls,
  dailyQuota,
}: Pick<EndorsementsView['quotas'][number], 'calls' | 'dailyQuota'>): ListState {
  const share = calls / dailyQuota;
  if (share >= 1) return { tone: 'rejected', label: 'used up' };
  const label = `${Math.floor(share * 100)} % used`;
  return { tone: share >= QUOTA_WARNING ? 'flagged' : 'trusted', label };
}
