import { THREATS } from '@/lib/contracts';

/** Titles of all threats by id. Pages hand them to the browser, so that it need not load the catalogue's schema. */
export const THREAT_TITLES: Readonly<Record<string, string>> = Object.fromEntries(
  THREATS.map(({ id, title }) => [id, title]),
);
