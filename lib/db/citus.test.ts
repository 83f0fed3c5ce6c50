import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { describe, expect, test } from 'vitest';
import * as schema from '@/drizzle/schema';
import { citusStatements, DISTRIBUTED, REFERENCES } from './citus';

const TABLES: ReadonlyMap<string, PgTable> = new Map(
  Object.values(schema).flatMap((table) =>
    is(table, PgTable) ? [[getTableName(table), table] as const] : [],
  ),
);

describe('spreading over a cluster', () => {
  test('takes every table of telemetry by a column that it has, and that is in its key', () => {
    for (const [name, column] of Object.entries(DISTRIBUTED)) {
      const table = TABLES.get(name);
      if (!table) throw new Error(`There is no table ${name}.`);
      expect(Object.values(getTableColumns(table)).map((one) => one.name)).toContain(column);
      const keys = getTableConfig(table).primaryKeys.map((key) => key.columns.map((one) => one.name));
      expect([name, ...keys.map((key) => key.includes(column))]).toEqual([name, true]);
      expect(getTableConfig(table).foreignKeys).toEqual([]);
    }
    for (const name of REFERENCES) expect(TABLES.has(name)).toBe(true);
  });

  test('leaves no rollup, summary or event out', () => {
    const telemetry = [...TABLES.keys()].filter((name) =>
      /_(events|minutes|hours|days|weeks|today|quarters|rollups|marginals|evidence|rejections)$/.test(name),
    );
    expect(Object.keys(DISTRIBUTED).sort()).toEqual(telemetry.sort());
  });

  test('begins with the copies, and leaves what is spread already', () => {
    const all = citusStatements(new Set());
    expect(all[0]).toBe("select create_reference_table('organisations')");
    expect(all).toContain("select create_distributed_table('attestation_events', 'subject_id')");
    expect(all).toContain("select create_distributed_table('cell_rollups', 'app_id')");
    expect(citusStatements(new Set([...Object.keys(DISTRIBUTED), 'apps', 'organisations']))).toEqual([]);
  });
});
