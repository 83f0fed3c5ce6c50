import { RANGE_CHOICES, type TimeRange } from '@/components/query/time-range';
import { formatDay, formatMinute } from '@/components/ui/time-format';

/** A range for people: "Last 24 hours", "3 Mar 14:30 to 16:00", "3 Mar 14:30 to 5 Mar 09:00". */
export function timeRangeLabel(range: TimeRange, timeZone: string): string {
  if (range.kind === 'named') return RANGE_CHOICES[range.name].label;
  const day = (atMs: number) => formatDay(atMs, timeZone);
  const minute = (atMs: number) => formatMinute(atMs, timeZone);
  const { fromMs, toMs } = range;
  const end = day(fromMs) === day(toMs) ? minute(toMs) : `${day(toMs)} ${minute(toMs)}`;
  return `${day(fromMs)} ${minute(fromMs)} to ${end}`;
}

/** The shortest form, for a telephone: "24h", "custom". */
export function timeRangeShortLabel(range: TimeRange): string {
  return range.kind === 'named' ? range.name : 'custom';
}
