const NEWLINE = 10;
const NULL = '\\N';
const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Fields of one row of COPY's text format; `null` for NULL. */
export type CopiedRow = readonly (string | null)[];

/**
 * The rows of a `COPY … TO STDOUT` in its text format (PostgreSQL, "COPY", File Formats), a chunk of the stream at a time: no
 * more of it is held than a chunk and the row that it breaks off in.
 */
export async function* copiedRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<CopiedRow[]> {
  let rest: Buffer | undefined;
  for await (const chunk of chunks) {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    // No other character has this byte in UTF-8, and a line break inside of a field is escaped.
    const end = bytes.lastIndexOf(NEWLINE);
    rest = end + 1 < bytes.length ? Buffer.from(bytes.subarray(end + 1)) : undefined;
    if (end >= 0) yield bytes.toString('utf8', 0, end).split('\n').map(fieldsOf);
  }
  if (rest !== undefined) throw new RangeError('The copy ended within a row.');
}

function fieldsOf(line: string): CopiedRow {
  const fields = line.split('\t');
  return line.includes('\\') ? fields.map(unescaped) : fields;
}

function unescaped(field: string): string | null {
  if (field === NULL) return null;
  return field.includes('\\') ? field.replace(/\\(.)/g, (_, sign: string) => ESCAPES[sign] ?? sign) : field;
}
