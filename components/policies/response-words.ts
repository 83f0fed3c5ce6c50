import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { Response } from '@/lib/contracts';

/** Every response from mildest to harshest, with the verdict that it leads to and what it does. */
export const RESPONSES: readonly { value: Response; mark: MarkedVerdict; does: string }[] = [
  { value: 'ignore', mark: 'unknown', does: 'not even recorded as found' },
  { value: 'observe', mark: 'unknown', does: 'recorded, changes nothing' },
  { value: 'flag', mark: 'flagged', does: 'let through and marked' },
  { value: 'restrict', mark: 'restricted', does: 'let through, API keys withheld' },
  { value: 'reject', mark: 'rejected', does: 'no token' },
];

const MARKS = Object.fromEntries(RESPONSES.map(({ value, mark }) => [value, mark])) as Readonly<
  Record<Response, MarkedVerdict>
>;

/** The verdict that a response leads to, for its mark. */
export function markOf(response: Response): MarkedVerdict {
  return MARKS[response];
}
