import { type BlockRights, covers } from './block-rights';

/** How long a block lasts; `null` seconds: until it is lifted. */
export interface BlockDuration {
  id: string;
  seconds: number | null;
  label: string;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** Longest block that needs no more than the right to short ones, in seconds. */
const SHORT_SECONDS = DAY;

/** Every length that is offered. */
export const DURATIONS: readonly BlockDuration[] = [
  { id: '1h', seconds: HOUR, label: '1 hour' },
  { id: '8h', seconds: 8 * HOUR, label: '8 hours' },
  { id: '24h', seconds: DAY, label: '24 hours' },
  { id: '7d', seconds: 7 * DAY, label: '7 days' },
  { id: '30d', seconds: 30 * DAY, label: '30 days' },
  { id: 'open', seconds: null, label: 'Until it is lifted' },
];

/** The lengths that somebody may choose for a device of an app; none for whoever may not block at all. */
export function durationsFor(rights: BlockRights, appId: string): readonly BlockDuration[] {
  if (covers(rights.any, appId)) return DURATIONS;
  if (!covers(rights.short, appId)) return [];
  return DURATIONS.filter(({ seconds }) => seconds !== null && seconds <= SHORT_SECONDS);
}

/** The length that is chosen at first: a day, which every role may. */
export const DEFAULT_DURATION_ID = '24h';
