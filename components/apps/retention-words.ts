import { formatCount, plural } from '@/components/ui/format';
import type { RetentionEffect, RetentionField } from '@/lib/contracts';

/** What is kept for a time of its own, in the order in which it is shown. */
export const RETENTION_WORDS: Readonly<Record<RetentionField, { label: string; what: string }>> = {
  eventDays: {
    label: 'Single events',
    what: 'Attestations with their evidence and signals, and refused requests: lists, Explain, a device’s timeline, exports.',
  },
  minuteDays: {
    label: 'Counts by the minute',
    what: 'Charts of up to a day, latencies, challenges, and the days that “What changed” compares with.',
  },
  hourDays: {
    label: 'Counts by the hour',
    what: 'Charts and figures over more than a day, and which device had which verdict on which day. At least as long as events and minutes.',
  },
  addressDays: {
    label: 'Addresses',
    what: 'Address hash, network prefix and ASN of events, and of devices that were not seen for as long. The events stay.',
  },
};

type Gone = RetentionEffect['goes'][number];

const DAY = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** "14 days, 3 May 2026 to 16 May 2026", or "1 day, 3 May 2026". */
export function daysText({ days, firstDay, lastDay }: Pick<Gone, 'days' | 'firstDay' | 'lastDay'>): string {
  const [first, last] = [firstDay, lastDay].map((day) => DAY.format(Date.parse(day)));
  return `${plural(days, 'day')}, ${first === last ? first : `${first} to ${last}`}`;
}

function countedText({ attestations, refusedRequests }: Gone): string {
  const counted = plural(attestations, 'attestation');
  return refusedRequests === null || refusedRequests === 0
    ? counted
    : `${counted} and at most ${plural(refusedRequests, 'refused request')}`;
}

const GONE_WORDS: Readonly<Record<RetentionField, (gone: Gone) => string>> = {
  eventDays: (gone) => `${countedText(gone)} of ${daysText(gone)}`,
  minuteDays: (gone) => `counts by the minute of ${daysText(gone)}: ${countedText(gone)}`,
  hourDays: (gone) =>
    `counts by the hour, and which device had which verdict, of ${daysText(gone)}: ${countedText(gone)}`,
  addressDays: (gone) =>
    `the addresses of ${countedText(gone)} of ${daysText(gone)}, and of devices that were not seen after that`,
};

/** What goes, a line per field. */
export function goneTexts({ goes }: RetentionEffect): string[] {
  return goes.map((gone) => GONE_WORDS[gone.field](gone));
}

const FOR_GOOD = 'What is deleted cannot be brought back.';

const RADIUS_WORDS: Readonly<Record<RetentionField, (gone: Gone) => { count: number; unit: string }>> = {
  eventDays: ({ attestations }) => ({
    count: attestations,
    unit: attestations === 1 ? 'attestation goes' : 'attestations go',
  }),
  hourDays: ({ days }) => ({ count: days, unit: `${days === 1 ? 'day' : 'days'} of counts by the hour go` }),
  minuteDays: ({ days }) => ({
    count: days,
    unit: `${days === 1 ? 'day' : 'days'} of counts by the minute go`,
  }),
  addressDays: ({ attestations }) => ({
    count: attestations,
    unit: attestations === 1 ? 'attestation loses its address' : 'attestations lose their addresses',
  }),
};
/** What weighs most comes first: an event cannot be counted anew, a minute is still in its hour. */
const BY_WEIGHT = ['eventDays', 'hourDays', 'minuteDays', 'addressDays'] as const;

/** The blast radius in one number: of the heaviest loss. */
export function radiusOf({ goes }: RetentionEffect): { count: number; unit: string; consequence: string } {
  const heaviest = BY_WEIGHT.flatMap((field) => goes.filter((gone) => gone.field === field))[0];
  if (heaviest === undefined) {
    return {
      count: 0,
      unit: 'days of telemetry go now',
      consequence: 'Nothing that is stored is older. It goes sooner from now on.',
    };
  }
  return { ...RADIUS_WORDS[heaviest.field](heaviest), consequence: FOR_GOOD };
}

/** "30 by default, 1 to 400." */
export function boundsText(field: {
  defaultDays: number;
  shortestDays: number;
  longestDays: number;
}): string {
  const [usual, shortest, longest] = [field.defaultDays, field.shortestDays, field.longestDays].map(
    formatCount,
  );
  return `${usual} by default, ${shortest} to ${longest}.`;
}
