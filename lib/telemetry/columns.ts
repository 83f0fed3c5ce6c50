/*
 * Array literals of Postgres for whole columns. The driver would call a serialiser and two regular expressions for every
 * value; most values need neither. A literal passes the driver as it is.
 */

/** What needs quoting or escaping in an array literal, and what would read as something else unquoted. */
const NEEDS_QUOTES = /[\s,{}"\\]|^$|^null$/i;
const NEEDS_ESCAPE = /["\\]/g;

function textElement(value: string | null): string {
  if (value === null) return 'NULL';
  if (!NEEDS_QUOTES.test(value)) return value;
  return `"${value.replace(NEEDS_ESCAPE, '\\$&')}"`;
}

/** A `text[]` literal. */
export function textColumn<Row>(rows: readonly Row[], pick: (row: Row) => string | null): string {
  let literal = '{';
  for (const row of rows)
    literal += literal.length === 1 ? textElement(pick(row)) : `,${textElement(pick(row))}`;
  return `${literal}}`;
}

/** A literal of numbers, or of `uuid[]`, `NULL` included: nothing in it can need quoting. */
export function plainColumn<Row>(rows: readonly Row[], pick: (row: Row) => number | string | null): string {
  let literal = '{';
  for (const row of rows) {
    const value = pick(row) ?? 'NULL';
    literal += literal.length === 1 ? String(value) : `,${value}`;
  }
  return `${literal}}`;
}

/** A `text[]` literal of binary values in hexadecimal. */
export function hexColumn<Row>(rows: readonly Row[], pick: (row: Row) => Buffer | null): string {
  return plainColumn(rows, (row) => pick(row)?.toString('hex') ?? null);
}

/** One JSON array of values that are JSON already, for `jsonb_array_elements`: nothing has to be escaped again. */
export function jsonColumn<Row>(rows: readonly Row[], pick: (row: Row) => string): string {
  return `[${rows.map(pick).join(',')}]`;
}
