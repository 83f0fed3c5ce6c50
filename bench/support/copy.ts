import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Verdict } from '@/lib/contracts';
import type { Database } from '@/lib/db';
import { decodeDetail } from '@/lib/telemetry';

type Sql = Database['sql'];

/** Everything that the write path leaves behind, in the order in which it is copied. */
const TABLES = [
  'consumed_challenges',
  'device_instances',
  'attestation_events',
  'attestation_rollup_minutes',
  'attestation_rollup_hours',
  'cell_rollups',
  'counter_rollup_minutes',
  'device_days',
] as const;
type TableName = (typeof TABLES)[number];

/** The rows of one table as `COPY` writes them, in the order in which they were stored. */
export type CopiedRows = Readonly<Record<TableName, readonly string[]>>;

/** Reads all tables that attestations are written to. */
export async function copyOut(sql: Sql): Promise<CopiedRows> {
  const entries: [TableName, string[]][] = [];
  for (const table of TABLES) {
    // No text of these benchmarks holds a tab or a line break.
    const fields = (await columnsOf(sql, table)).map(
      (name) => `coalesce(replace(${name}::text, '\\', '\\\\'), '\\N')`,
    );
    const rows = await sql.unsafe<{ line: string }[]>(
      `select concat_ws(e'\t', ${fields.join(', ')}) as line from ${table}`,
    );
    entries.push([table, rows.map(({ line }) => line)]);
  }
  return Object.fromEntries(entries) as unknown as CopiedRows;
}

/** The same rows with the details of events as everyone else has them: not by the numbers of our dictionary, but spelled out. */
export async function spelledOut(sql: Sql, rows: CopiedRows): Promise<CopiedRows> {
  const columns = await columnsOf(sql, 'attestation_events');
  const [detail, verdict, rule, threat] = ['detail', 'verdict', 'deciding_rule', 'deciding_threat'].map(
    (name) => columns.indexOf(name),
  );
  const events = rows.attestation_events.map((line) => {
    const fields = line.split('\t');
    const at = (index = -1) => {
      const field = fields[index];
      return field === undefined || field === '\\N' ? null : field.replaceAll('\\\\', '\\');
    };
    const decoded = decodeDetail(JSON.parse(at(detail) ?? ''), {
      verdict: at(verdict) as Verdict,
      decidingRule: at(rule),
      decidingThreat: at(threat),
    });
    const text = JSON.stringify(decoded).replaceAll('\\', '\\\\');
    return fields.map((field, index) => (index === detail ? text : field)).join('\t');
  });
  return { ...rows, attestation_events: events };
}

async function columnsOf(sql: Sql, table: TableName): Promise<string[]> {
  const columns = await sql<{ name: string }[]>`
    select attname as name from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped order by attnum`;
  return columns.map(({ name }) => name);
}

/** Every `parts`th row of each table, from the `part`th on. */
export function partOf(rows: CopiedRows, part: number, parts: number): CopiedRows {
  if (parts === 1) return rows;
  const entries = TABLES.map((table) => [table, rows[table].filter((_, index) => index % parts === part)]);
  return Object.fromEntries(entries) as CopiedRows;
}

/** Writes all rows by one `COPY` for each table, in one transaction. */
export async function copyIn(sql: Sql, rows: CopiedRows): Promise<void> {
  const texts = TABLES.map((table) => [table, rows[table].map((line) => `${line}\n`).join('')] as const);
  await sql.begin(async (tx) => {
    for (const [table, text] of texts) {
      const stream: Writable = await tx.unsafe(`copy ${table} from stdin`).writable();
      stream.end(text);
      await once(stream, 'finish');
    }
  });
}

/** Empties the tables that attestations are written to, and what refers to their devices. */
export async function emptyTables(sql: Sql): Promise<void> {
  await sql.unsafe(`truncate ${TABLES.join(', ')} cascade`);
}
