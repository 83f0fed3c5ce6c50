import { z } from 'zod';
import { AppError, fromBase64Url, toBase64Url } from '@/lib/core';

/** Position in a list that is sorted by a time and an id: the last row that was shown. `at` is Postgres' own spelling. */
export interface Cursor {
  at: string;
  id: string;
}

const cursorSchema = z.tuple([
  z
    .string()
    .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-](0\d|1[0-5])(:[0-5]\d)?$/)
    .refine(isInstant),
  z.string().regex(/^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{1,18})$/),
]);

/** Whether a text of that shape is a time that there is: Postgres takes no 31st of February. */
function isInstant(text: string): boolean {
  const day = text.slice(0, 10);
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || Number.isNaN(Date.parse(text))) return false;
  return midnight.toISOString().startsWith(day);
}

/** The opaque text of a position. */
export function encodeCursor({ at, id }: Cursor): string {
  return toBase64Url(Buffer.from(JSON.stringify([at, id])));
}

/** The position that a text stands for. @throws AppError `request_invalid` for one that we did not make */
export function decodeCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  try {
    const [at, id] = cursorSchema.parse(JSON.parse((fromBase64Url(text) ?? '').toString()));
    return { at, id };
  } catch {
    throw new AppError('request_invalid', { fields: { cursor: 'is not a position in this list' } });
  }
}

/** The first `limit` of rows that were read one too many, and the position after them; `null` at the end. */
export function cutPage<Row extends Cursor>(
  rows: readonly Row[],
  limit: number,
): { shown: readonly Row[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { shown, nextCursor: rows.length > limit && last ? encodeCursor(last) : null };
}
