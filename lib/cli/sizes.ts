import { CliError } from './command';

const MULTIPLES: Readonly<Record<string, number>> = { '': 1, k: 1_000, m: 1_000_000 };

/** A number of things: `5000`, `250k` or `10m`. @throws CliError for anything else. */
export function parseCount(text: string): number {
  const match = /^(\d{1,9})([km]?)$/i.exec(text);
  const multiple = MULTIPLES[(match?.[2] ?? '').toLowerCase()];
  const count = match && multiple !== undefined ? Number(match[1]) * multiple : 0;
  if (count < 1) throw new CliError(`"${text}" is no number: write 5000, 250k or 10m.`, 2);
  return count;
}

const MOST_DAYS = 390;

/** Days of `30d`. @throws CliError for anything else, and beyond what is kept. */
export function parseDays(text: string): number {
  const days = /^\d{1,4}d$/.test(text) ? Number(text.slice(0, -1)) : 0;
  if (days < 1 || days > MOST_DAYS) {
    throw new CliError(`"${text}" is no number of days: write 1d to ${MOST_DAYS}d.`, 2);
  }
  return days;
}
