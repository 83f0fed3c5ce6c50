import type { BadgeTone } from '@/components/ui/badge';
import { formatCount, plural } from '@/components/ui/format';
import type { ApiKeyKind, ApiKeyStatus, ApiKeyVersionView, ApiKeyView } from '@/lib/contracts';

/** The states of a version in the order that it goes through them. */
export const STATUSES: readonly { status: ApiKeyStatus; label: string; tone: BadgeTone; meaning: string }[] =
  [
    { status: 'staged', label: 'Staged', tone: 'neutral', meaning: 'Prepared; given to no device yet.' },
    { status: 'active', label: 'Active', tone: 'trusted', meaning: 'What devices are given now.' },
    {
      status: 'retiring',
      label: 'Retiring',
      tone: 'flagged',
      meaning: 'Still good, until its grace is over.',
    },
    {
      status: 'revoked',
      label: 'Revoked',
      tone: 'rejected',
      meaning: 'Refused; who presents it is counted.',
    },
  ];

/** How a status is shown. */
export function statusWords(status: ApiKeyStatus) {
  return STATUSES.find((one) => one.status === status) ?? STATUSES[0];
}

export const KIND_WORDS: Readonly<Record<ApiKeyKind, { label: string; meaning: string }>> = {
  managed: {
    label: 'Managed',
    meaning: 'Made here and shown to nobody. Your APIs check it through Countersign.',
  },
  external: {
    label: 'External',
    meaning: 'Of a third party, entered by you, and sealed at once: the console cannot show it again.',
  },
};

/** For how long the old version may be used after a rotation. */
export const GRACES = [
  { seconds: 0, label: 'Now: no grace' },
  { seconds: 900, label: '15 minutes' },
  { seconds: 3_600, label: '1 hour' },
  { seconds: 86_400, label: '24 hours' },
  { seconds: 604_800, label: '7 days' },
] as const;
export type GraceSeconds = (typeof GRACES)[number]['seconds'];
/** What is chosen at first: long enough for an app that is opened once a day. */
export const DEFAULT_GRACE: GraceSeconds = 86_400;

/** A choice of a grace as the select gives it. */
export function graceOf(text: string): GraceSeconds {
  return GRACES.find(({ seconds }) => String(seconds) === text)?.seconds ?? DEFAULT_GRACE;
}

/** What follows a rotation for devices that have not fetched the new version, as a sentence. */
export function graceConsequence(seconds: GraceSeconds, kind: ApiKeyKind): string {
  const fetching = 'They fetch the new one with their next attestation';
  const label = GRACES.find((grace) => grace.seconds === seconds)?.label ?? '';
  if (kind === 'external') {
    return `${fetching}. ${seconds === 0 ? 'The old one is given to no device any more.' : `Revoke the old one at the third party after ${label}.`}`;
  }
  return seconds === 0
    ? `${fetching}; until then their requests are refused.`
    : `${fetching}; the old one is accepted for ${label} more, and not a moment longer.`;
}

/** "device holds version 3", "devices hold version 3": what follows their number. */
export function holdWords(count: number, what: string): string {
  return count === 1 ? `device holds ${what}` : `devices hold ${what}`;
}

/** What is known of the use of a version, before it is ended. */
export function usageWords(kind: ApiKeyKind, version: ApiKeyVersionView): string {
  return kind === 'external'
    ? 'Nothing is known of requests to a third party; devices keep a value until they attest again.'
    : `${plural(version.requestsLastHour, 'request')} presented it in the last hour, ${formatCount(version.requestsLastDay)} in the last day.`;
}

/** Whether a version can be retired without breaking anything, in words; `null` where that is no question. */
export function safetyWords({ kind }: ApiKeyView, version: ApiKeyVersionView): string | null {
  if (version.isSafeToRetire === null) return null;
  if (kind === 'external') {
    return version.isSafeToRetire ? 'Safe to retire: no device holds it.' : 'Not yet: devices hold it.';
  }
  return version.isSafeToRetire
    ? 'Safe to retire: not one request in 24 hours.'
    : 'Not yet: used within 24 hours.';
}

const WHY: Readonly<Record<NonNullable<ApiKeyVersionView['revokedWhy']>, string>> = {
  emergency: 'in an emergency',
  retired: 'retired',
  grace_over: 'its grace was over',
  discarded: 'never given out',
};

/** Why a version ended. */
export function endWords({ revokedWhy }: ApiKeyVersionView): string {
  return revokedWhy === null ? '' : WHY[revokedWhy];
}

const HOOK_FAILURES: Readonly<Record<string, string>> = {
  hook_removed: 'it was taken away from the key',
  hook_url_refused: 'its address is not one that may be called',
  hook_secret_unreadable: 'its secret cannot be opened',
  hook_address_private: 'it is at a private address',
  hook_unreachable: 'it could not be reached',
  hook_timeout: 'it did not answer in time',
  hook_redirected: 'it answered with a redirect',
  hook_status: 'it answered with an error',
  hook_encoding_refused: 'it answered in an encoding that was not asked for',
  hook_answer_too_large: 'its answer was too large',
  hook_answer_malformed: 'its answer holds no key',
  superseded: 'somebody rotated the key meanwhile',
};

/** Why a hook did not do what it was asked for. */
export function hookFailureWords(code: string | null): string {
  return code === null ? 'it has not been asked yet' : (HOOK_FAILURES[code] ?? code);
}
