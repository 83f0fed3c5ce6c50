const DAY_MS = 86_400_000;
/** Vendors date patch levels a little ahead of their release; more than this is not believable. */
const PATCH_FUTURE_TOLERANCE_MS = 100 * DAY_MS;

let lastLevel = '';
let lastLevelMs = Number.NaN;

/** Whether `YYYY-MM` or `YYYY-MM-DD` lies within the age. A month counts from its first day. */
export function isRecentPatch(level: string | null, nowMs: number, maxAgeDays: number | null): boolean {
  if (level === null || maxAgeDays === null) return false;
  // Two policies that judge one attestation ask for the same level, one after the other.
  if (level !== lastLevel) {
    lastLevelMs = patchLevelMs(level);
    lastLevel = level;
  }
  const ageMs = nowMs - lastLevelMs;
  return ageMs <= maxAgeDays * DAY_MS && ageMs >= -PATCH_FUTURE_TOLERANCE_MS;
}

/** Start of the day of a patch level; NaN for what is none. By hand, as a policy is replayed on millions of events. */
export function patchLevelMs(level: string): number {
  const hasDay = level.length === 10;
  if (!(hasDay || level.length === 7) || level[4] !== '-' || (hasDay && level[7] !== '-')) return Number.NaN;
  const month = twoDigits(level, 5);
  const day = hasDay ? twoDigits(level, 8) : 1;
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return Number.NaN;
  return Date.UTC(twoDigits(level, 0) * 100 + twoDigits(level, 2), month - 1, day);
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
