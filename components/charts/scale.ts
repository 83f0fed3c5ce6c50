import { formatDay, formatMinute } from '@/components/ui/time-format';

/** A tick of the time axis: where it stands, in milliseconds since the epoch, and what it says. */
export interface TimeTick {
  atMs: number;
  label: string;
}

const DAY_MS = 86_400_000;
/** Distances between time ticks that a person counts in. */
const TIME_STEPS_MS = [
  60_000,
  2 * 60_000,
  5 * 60_000,
  10 * 60_000,
  15 * 60_000,
  30 * 60_000,
  3_600_000,
  2 * 3_600_000,
  3 * 3_600_000,
  4 * 3_600_000,
  6 * 3_600_000,
  12 * 3_600_000,
  DAY_MS,
  2 * DAY_MS,
  5 * DAY_MS,
  7 * DAY_MS,
  14 * DAY_MS,
];

/** At most `count` ticks of a time axis, at round times of the zone's clocks, labelled by hour or by day. */
export function timeTicks(fromMs: number, toMs: number, timeZone: string, count = 8): TimeTick[] {
  const span = toMs - fromMs;
  if (span <= 0) return [];
  const step = TIME_STEPS_MS.find((candidate) => span / candidate <= count) ?? 30 * DAY_MS;
  const format = step >= DAY_MS ? formatDay : formatMinute;
  const offsetMs = zoneOffset(timeZone);
  const ticks: TimeTick[] = [];
  let wallMs = Math.ceil((fromMs + offsetMs(fromMs)) / step) * step;
  for (let atMs = fromMs; atMs <= toMs; wallMs += step) {
    // The offset of about that time tells the one of that time, also on the days when the clocks change.
    atMs = wallMs - offsetMs(wallMs - offsetMs(wallMs));
    const previousMs = ticks.at(-1)?.atMs ?? fromMs - 1;
    if (atMs > previousMs && atMs <= toMs) ticks.push({ atMs, label: format(atMs, timeZone) });
  }
  return ticks;
}

/** Tells what has to be added to UTC for the zone's wall clock at a time. */
function zoneOffset(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (atMs) => {
    const name = format.formatToParts(atMs).find((part) => part.type === 'timeZoneName')?.value ?? '';
    const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  };
}

/** A length of time as a whisper: "per 15 min". */
export function bucketLabel(seconds: number): string {
  if (seconds % 86_400 === 0) return seconds === 86_400 ? 'per day' : `per ${seconds / 86_400} days`;
  if (seconds % 3_600 === 0) return seconds === 3_600 ? 'per hour' : `per ${seconds / 3_600} h`;
  if (seconds % 60 === 0) return seconds === 60 ? 'per minute' : `per ${seconds / 60} min`;
  return `per ${seconds} s`;
}
