import { CliError } from './command';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `90s`, `15m` or `2h`. @throws CliError for anything else. */
export function parseDuration(text: string): number {
  const match = /^(\d{1,6})([smh])$/.exec(text);
  const unit = UNITS_MS[match?.[2] ?? ''];
  if (!match || unit === undefined) throw new CliError(`"${text}" is no duration: write 90s, 15m or 2h.`, 2);
  return Number(match[1]) * unit;
}
