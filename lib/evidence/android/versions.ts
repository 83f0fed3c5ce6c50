/** Patch levels further ahead than this are no patch levels. */
const MAX_FUTURE_MS = 366 * 24 * 60 * 60 * 1000;

/** `160000` as `16`, `80100` as `8.1`; `null` for 0 and for an absent value. */
export function formatOsVersion(version: number | null): string | null {
  if (version === null || version === 0) return null;
  const parts = [Math.floor(version / 10_000), Math.floor(version / 100) % 100, version % 100];
  while (parts.length > 1 && parts.at(-1) === 0) parts.pop();
  return parts.join('.');
}

const YYYYMM = /^(\d{4})(\d{2})$/;
const YYYYMMDD = /^(\d{4})(\d{2})(\d{2})$/;

/**
 * A patch level (`202606` or `20260605`) as `2026-06` or `2026-06-05`. `null` for 0, for an absent value, for
 * anything that is no date, and for a date more than a year ahead of `nowMs`.
 */
export function formatPatchLevel(level: number | null, nowMs: number): string | null {
  const text = String(level ?? 0);
  const match = YYYYMM.exec(text) ?? YYYYMMDD.exec(text);
  if (match === null) return null;
  const [year = '', month = '', day] = match.slice(1);
  const isDate = Number(month) >= 1 && Number(month) <= 12 && (day === undefined || isDay(Number(day)));
  const startMs = Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1));
  if (!isDate || startMs > nowMs + MAX_FUTURE_MS) return null;
  return day === undefined ? `${year}-${month}` : `${year}-${month}-${day}`;
}

function isDay(day: number): boolean {
  return day >= 1 && day <= 31;
}
