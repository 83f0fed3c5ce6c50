import type postgres from 'postgres';

/**
 * How the telemetry tables are spread over a Citus cluster: what belongs to a device by the device, what is counted by the
 * app. The column is in every unique key of its table.
 */
export const DISTRIBUTED: Readonly<Record<string, 'subject_id' | 'app_id'>> = {
  attestation_events: 'subject_id',
  archived_evidence: 'subject_id',
  request_events: 'subject_id',
  attestation_facet_days: 'app_id',
  attestation_facet_hours: 'app_id',
  attestation_rollup_minutes: 'app_id',
  attestation_rollup_hours: 'app_id',
  attestation_rollup_days: 'app_id',
  attestation_rollup_today: 'app_id',
  attestation_rollup_weeks: 'app_id',
  attestation_summary_minutes: 'app_id',
  attestation_summary_five_minutes: 'app_id',
  attestation_summary_hours: 'app_id',
  attestation_summary_days: 'app_id',
  attestation_series_quarters: 'app_id',
  request_rollup_minutes: 'app_id',
  request_rollup_hours: 'app_id',
  cell_hours: 'app_id',
  cell_marginals: 'app_id',
  cell_rollups: 'app_id',
  counter_rollup_minutes: 'app_id',
  device_days: 'app_id',
  device_rejections: 'app_id',
  rejected_device_days: 'app_id',
  rejected_device_hours: 'app_id',
};

/** Small tables that queries join telemetry with: every worker has a copy. */
export const REFERENCES: readonly string[] = ['organisations', 'apps'];

/** Statements that spread those tables which are not spread yet, given the names of those that are. */
export function citusStatements(spread: ReadonlySet<string>): string[] {
  const references = REFERENCES.map((table) => [table, `select create_reference_table('${table}')`] as const);
  const distributed = Object.entries(DISTRIBUTED).map(
    ([table, column]) => [table, `select create_distributed_table('${table}', '${column}')`] as const,
  );
  // Copies first: what is distributed may refer to them.
  return [...references, ...distributed].flatMap(([table, statement]) =>
    spread.has(table) ? [] : [statement],
  );
}

/**
 * Spreads the telemetry tables where the database has the extension `citus`, and does nothing where it has not. What is
 * spread already stays as it is. @returns how many tables were spread
 */
export async function spreadOverCitus(sql: postgres.Sql): Promise<number> {
  const [extension] = await sql`select 1 from pg_extension where extname = 'citus'`;
  if (!extension) return 0;
  const rows = await sql<
    { name: string }[]
  >`select logicalrelid::regclass::text as name from pg_dist_partition`;
  const statements = citusStatements(new Set(rows.map(({ name }) => name)));
  for (const statement of statements) await sql.unsafe(statement);
  return statements.length;
}
