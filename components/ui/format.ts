const COUNT = new Intl.NumberFormat('en-GB');
const COMPACT = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 });
const MINUS = '\u2212';
const NARROW_SPACE = '\u202f';

/** `31482` as "31,482". */
export function formatCount(value: number): string {
  return COUNT.format(value);
}

/** `31482` as "31.5K", for axes. */
export function formatCompact(value: number): string {
  return COMPACT.format(value);
}

/**
 * A share of 0 to 1 as "96.8 %". Never rounds up to 100 % or down to 0 % what is not: "> 99.9 %", "< 0.1 %".
 */
export function formatPercent(share: number | null, digits = 1): string {
  if (share === null) return '–';
  const step = 10 ** -(digits + 2);
  if (share > 0 && share < step / 2) return `<${NARROW_SPACE}${trim(step * 100, digits)}${NARROW_SPACE}%`;
  if (share < 1 && share > 1 - step / 2)
    return `>${NARROW_SPACE}${trim((1 - step) * 100, digits)}${NARROW_SPACE}%`;
  return `${trim(share * 100, digits)}${NARROW_SPACE}%`;
}

function trim(value: number, digits: number): string {
  const fixed = value.toFixed(digits);
  return Number(fixed) === Math.round(value) && (value === 0 || value === 100)
    ? String(Math.round(value))
    : fixed;
}

/** The change from `previous` to `now` as "+38 %"; `null` where there is nothing to compare with. */
export function formatChange(now: number, previous: number | null): string | null {
  if (previous === null || previous === 0) return null;
  const change = (now - previous) / previous;
  const percent =
    Math.abs(change) < 0.1 ? Math.abs(change * 100).toFixed(1) : Math.abs(change * 100).toFixed(0);
  if (Number(percent) === 0) return `0${NARROW_SPACE}%`;
  return `${change < 0 ? MINUS : '+'}${percent}${NARROW_SPACE}%`;
}

/** The difference of two shares of 0 to 1 in percentage points: "−1.9 pt". */
export function formatPoints(now: number | null, previous: number | null): string | null {
  if (now === null || previous === null) return null;
  const points = ((now - previous) * 100).toFixed(1);
  if (Number(points) === 0) return '±0.0 pt';
  return points.startsWith('-') ? `${MINUS}${points.slice(1)} pt` : `+${points} pt`;
}

/** Milliseconds as "84 ms", "1.2 s" or "3 min". */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}

/** "1 device", "412 devices". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
