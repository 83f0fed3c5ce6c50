const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How a moment is shown: "3 min ago", "14:32:08.412", or the whole of it. */
export type TimeStyle = 'relative' | 'clock' | 'exact';

const formatters = new Map<string, Intl.DateTimeFormat>();

/** One formatter per shape and zone: making them is the slow part. */
function formatter(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', options);
  formatters.set(key, made);
  return made;
}

/** "just now", "3 min ago", "in 2 h", "5 days ago". */
export function formatRelative(atMs: number, nowMs: number): string {
  const distance = Math.abs(nowMs - atMs);
  if (distance < 5_000) return 'just now';
  const text = relativeAmount(distance);
  return atMs > nowMs ? `in ${text}` : `${text} ago`;
}

function relativeAmount(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.floor(ms / 1_000)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  return `${Math.floor(ms / DAY_MS)} days`;
}

/** "14:32:08.412" in the zone given. */
export function formatClock(atMs: number, timeZone: string): string {
  const text = formatter(`clock ${timeZone}`, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(atMs);
  return `${text}.${String(new Date(atMs).getUTCMilliseconds()).padStart(3, '0')}`;
}

/** "14:32", for axes within a day. */
export function formatMinute(atMs: number, timeZone: string): string {
  return formatter(`minute ${timeZone}`, { timeZone, hour: '2-digit', minute: '2-digit' }).format(atMs);
}

/** "3 Mar", for axes over days. */
export function formatDay(atMs: number, timeZone: string): string {
  return formatter(`day ${timeZone}`, { timeZone, day: 'numeric', month: 'short' }).format(atMs);
}

/** "3 Mar 2026, 14:32:08 CET": the whole moment with its zone. */
export function formatExact(atMs: number, timeZone: string): string {
  return formatter(`exact ${timeZone}`, {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(atMs);
}
