import os from 'node:os';

/** One measured figure beside the limit or peer that was measured in the same run. */
export interface BenchRow {
  name: string;
  ours: number;
  /** What the bare floor or the peer reached; `null` where the bar is absolute. */
  limit: number | null;
  unit: string;
  /** The bar in words, e.g. `ratio >= 0.75`. */
  bar: string;
  holds: boolean;
}

/** What a benchmark is called with. */
export interface BenchContext {
  root: string;
  json: boolean;
}

/** Prints the table, and with `--json` one last line for machines. */
export function printReport(
  bench: string,
  rows: readonly BenchRow[],
  context: BenchContext,
  notes: string[] = [],
): void {
  const machine = `${os.cpus()[0]?.model ?? 'unknown'}, ${os.cpus().length} cores, Node ${process.version}`;
  const ratio = (row: BenchRow) => (row.limit === null ? null : row.ours / row.limit);
  console.log(`\n${bench} on ${machine}\n`);
  console.table(
    Object.fromEntries(
      rows.map((row) => [
        row.name,
        {
          ours: round(row.ours),
          limit: row.limit === null ? '' : round(row.limit),
          ratio: ratio(row)?.toFixed(2) ?? '',
          unit: row.unit,
          bar: row.bar,
          holds: row.holds ? 'yes' : 'NO',
        },
      ]),
    ),
  );
  for (const note of notes) console.log(note);
  if (context.json) {
    console.log(JSON.stringify({ bench, machine, rows: rows.map((row) => ({ ...row, ratio: ratio(row) })) }));
  }
}

const round = (value: number) => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));

/** The middle value. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the share `q` of all values lies (nearest rank). */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
