import { HARD_THREATS, RULED_THREATS, THREATS } from '@/lib/contracts';

const NEVER: ReadonlySet<string> = new Set([...HARD_THREATS, ...RULED_THREATS]);

/** The signals that may be put into quarantine: all but what proves forgery or is no signal. The verb decides again. */
export const DEMOTABLE_THREATS = THREATS.filter(({ id }) => !NEVER.has(id)).map(({ id, title }) => ({
  id,
  title,
}));
