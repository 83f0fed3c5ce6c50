/*
 * Array literals of Postgres for whole columns. The driver would call a serialiser and two regular expressions for every
 * value; most values need neither. A literal passes the driver as it is.
 */

/** What needs quoting or escaping in an array literal, and what would read as something else unquoted. */
const NEEDS_QUOTES = /[\s,{}"\\]|^$|^null$/i;
const NEEDS_ESCAPE = /["\\]/g;

/** Elements of short texts: most values of a column recur, within a batch and from one to the next. */
const elements = new Map<string, string>();
const MAX_ELEMENTS = 4_096;
const MAX_REMEMBERED_LENGTH = 64;

function textElement(value: string | null): string {
  if (value === null) return 'NULL';
  const known = elements.get(value);
  if (known !== undefined) return known;
  const element = NEEDS_QUOTES.test(value) ? `"${value.replace(NEEDS_ESCAPE, '\\$&')}"` : value;
  if (value.length <= MAX_REMEMBERED_LENGTH) {
    if (elements.size >= MAX_ELEMENTS) elements.clear();
    elements.set(value, element);
  }
  return element;
}

/** A `text[]` literal. */
export function textColumn<Row>(rows: readonly Row[], pick: (row: Row) => string | null): string {
  return plainColumn(rows, (row) => textElement(pick(row)));
}

/** A literal of numbers, or of texts in which nothing can need quoting, such as those of a `uuid[]`; `NULL` included. */
export function plainColumn<Row>(rows: readonly Row[], pick: (row: Row) => number | string | null): string {
  // Joined at once: what is appended piece by piece has to be flattened before it can be sent.
  return `{${rows.map((row) => pick(row) ?? 'NULL').join(',')}}`;
}

/** A `text[]` literal of binary values in hexadecimal. */
export function hexColumn<Row>(rows: readonly Row[], pick: (row: Row) => Buffer | null): string {
  return plainColumn(rows, (row) => pick(row)?.toString('hex') ?? null);
}

/** One JSON array of values that are JSON already, for `jsonb_array_elements`: nothing has to be escaped again. */
export function jsonColumn<Row>(rows: readonly Row[], pick: (row: Row) => string): string {
  return `[${rows.map(pick).join(',')}]`;
}
