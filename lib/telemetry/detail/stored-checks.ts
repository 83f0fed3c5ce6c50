import type { Check } from '@/lib/contracts';
import { CHECK_ENTRIES } from './dictionary';

/*
 * Checks as they are stored: one text of their numbers in the dictionary, `3 10:41:42 * 0`, with the numbers of the sentence behind
 * its own, and `*` for each that is not listed, which is kept as it is.
 */

/** What is stored of the checks of an attestation. */
export interface StoredChecks {
  readonly checks: string;
  /** Those that the text names `*`, in order. */
  readonly unlisted: readonly Check[];
}

const UNLISTED = '*';
const NUMBER = /\d+/g;

const keyOf = (id: string, outcome: string, sentence: string) => `${id} ${outcome} ${sentence}`;
const LISTED: ReadonlyMap<string, string> = new Map(
  CHECK_ENTRIES.map(([id, outcome, sentence], index) => [keyOf(id, outcome, sentence), String(index)]),
);
/** Ids of checks whose sentence holds a number: the others need not be searched for one. */
const NUMBERED: ReadonlySet<string> = new Set(
  CHECK_ENTRIES.filter(([, , sentence]) => sentence.includes('#')).map(([id]) => id),
);

/** Checks as they are stored; `decodeChecks` gives back the same. */
export function encodeChecks(checks: readonly Check[]): StoredChecks {
  const unlisted: Check[] = [];
  const codes = checks.map((check) => {
    const code = codeOf(check);
    if (code !== undefined) return code;
    unlisted.push(check);
    return UNLISTED;
  });
  return { checks: codes.join(' '), unlisted };
}

function codeOf({ id, outcome, detail }: Check): string | undefined {
  // A sentence that holds a `#` of its own is none of ours.
  if (detail.includes('#')) return undefined;
  const listed = LISTED.get(keyOf(id, outcome, detail));
  if (listed !== undefined || !NUMBERED.has(id)) return listed;
  const numbered = LISTED.get(keyOf(id, outcome, detail.replace(NUMBER, '#')));
  return numbered === undefined ? undefined : [numbered, ...(detail.match(NUMBER) ?? [])].join(':');
}

/** The checks of what `encodeChecks` stored. @throws TypeError where it names what this build does not know */
export function decodeChecks({ checks, unlisted }: StoredChecks): Check[] {
  const rest = unlisted.values();
  return checks.split(' ').flatMap((code) => {
    if (code === '') return [];
    if (code === UNLISTED) return rest.next().value ?? [];
    const [index, ...numbers] = code.split(':');
    const entry = CHECK_ENTRIES[Number(index)];
    if (entry === undefined) throw new TypeError(`No check is stored as ${code}.`);
    const [id, outcome, sentence] = entry;
    const given = numbers.values();
    return [{ id, outcome, detail: sentence.replace(/#/g, () => given.next().value ?? '') }];
  });
}
