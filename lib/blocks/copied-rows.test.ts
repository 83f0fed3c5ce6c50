import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CopiedRow, copiedRows } from './copied-rows';

/** A row as PostgreSQL writes it. */
function written(row: CopiedRow): string {
  const escaped = row.map((field) =>
    field === null
      ? '\\N'
      : field
          .replaceAll('\\', '\\\\')
          .replaceAll('\t', '\\t')
          .replaceAll('\n', '\\n')
          .replaceAll('\r', '\\r')
          .replaceAll('\b', '\\b')
          .replaceAll('\f', '\\f')
          .replaceAll('\v', '\\v'),
  );
  return `${escaped.join('\t')}\n`;
}

async function read(bytes: Buffer, cuts: readonly number[]): Promise<CopiedRow[]> {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  const rows: CopiedRow[] = [];
  async function* chunks() {
    for (let index = 1; index < places.length; index++) {
      const chunk = bytes.subarray(places[index - 1], places[index]);
      if (chunk.length > 0) yield Buffer.from(chunk);
    }
  }
  for await (const some of copiedRows(chunks())) rows.push(...some);
  return rows;
}

describe('rows of a copy', () => {
  test('are read as they were written, wherever the stream breaks off', async () => {
    const field = fc.option(fc.string({ unit: 'grapheme' }));
    const rows = fc.array(fc.tuple(field, field, field), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(rows, fc.array(fc.nat()), async (given, cuts) => {
        expect(await read(Buffer.from(given.map(written).join('')), cuts)).toEqual(given);
      }),
    );
  });

  test('that break off at the end are refused', async () => {
    await expect(read(Buffer.from('a\tb\nc'), [])).rejects.toThrow(RangeError);
  });
});
