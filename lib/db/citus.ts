import type postgres from 'postgres';
import { SERVICE_ROLE } from './roles';

/**
 * Tables of single acts, which are most of what is written and kept: each device's lie together on one of many shards. The
 * column is in every unique key of its table.
 */
export const BY_DEVICE = {
  column: 'subject_id',
  tables: ['attestation_events', 'archived_evidence', 'request_events'],
} as const;

/**
 * Tables of counts, by kind: each kind lies whole on one worker, and the kinds on different ones. What is asked of counts adds
 * up over apps, by many columns at once (`grouping sets`), from several tables of a kind: one worker answers that by itself.
 */
export const BY_KIND: Readonly<Record<string, readonly string[]>> = {
  attestations: [
    'attestation_rollup_minutes',
    'attestation_rollup_hours',
    'attestation_rollup_days',
    'attestation_rollup_today',
    'attestation_rollup_weeks',
    'attestation_facet_days',
    'attestation_facet_hours',
    'attestation_summary_minutes',
    'attestation_summary_five_minutes',
    'attestation_summary_hours',
    'attestation_summary_days',
    'attestation_series_quarters',
  ],
  cells: ['cell_rollups', 'cell_marginals', 'cell_hours'],
  devices: ['device_days', 'device_rejections', 'rejected_device_days', 'rejected_device_hours'],
  requests: ['request_rollup_minutes', 'request_rollup_hours', 'counter_rollup_minutes'],
};

/** The first version that has tables of a single shard. */
const OLDEST = 12;

/**
 * A batch goes to several shards of a worker: by one connection, which the session keeps. By several, all but one of which are
 * made anew each time, writing takes nine times as long.
 */
const ONE_CONNECTION = `
  do $$ begin
    execute format('alter role %I in database %I set citus.max_adaptive_executor_pool_size = 1',
      '${SERVICE_ROLE}', current_database());
  end $$`;

/** Statements that spread those tables which are not spread yet, given the names of those that are. */
export function citusStatements(spread: ReadonlySet<string>): string[] {
  const all = [
    ...BY_DEVICE.tables.map((table) => distribute(table, BY_DEVICE.column, BY_DEVICE.tables[0])),
    ...Object.values(BY_KIND).flatMap((tables) => tables.map((table) => distribute(table, null, tables[0]))),
  ];
  return all.flatMap(([table, statement]) => (spread.has(table) ? [] : [statement]));
}

function distribute(table: string, column: string | null, first: string | undefined) {
  const key = column === null ? 'null' : `'${column}'`;
  const beside = table === first ? 'none' : first;
  return [
    table,
    `select create_distributed_table('${table}', ${key}, colocate_with => '${beside}')`,
  ] as const;
}

/**
 * Spreads the telemetry tables where the database has the extension `citus`, and does nothing where it has not. What is
 * spread already stays as it is. @returns how many tables were spread @throws Error where the extension is too old for that
 */
export async function spreadOverCitus(sql: postgres.Sql): Promise<number> {
  const [extension] = await sql<
    { version: string }[]
  >`select extversion as version from pg_extension where extname = 'citus'`;
  if (!extension) return 0;
  if (Number.parseInt(extension.version, 10) < OLDEST) {
    throw new Error(`Countersign needs Citus ${OLDEST} or newer; this database has ${extension.version}.`);
  }
  const rows = await sql<
    { name: string }[]
  >`select logicalrelid::regclass::text as name from pg_dist_partition`;
  const statements = citusStatements(new Set(rows.map(({ name }) => name)));
  if (statements.length === 0) return 0;
  for (const statement of statements) await sql.unsafe(statement);
  await sql.unsafe(ONE_CONNECTION);
  return statements.length;
}
