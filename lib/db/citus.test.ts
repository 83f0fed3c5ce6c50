import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { describe, expect, test } from 'vitest';
import * as schema from '@/drizzle/schema';
import { BY_DEVICE, BY_KIND, citusStatements } from './citus';

const TABLES: ReadonlyMap<string, PgTable> = new Map(
  Object.values(schema).flatMap((table) =>
    is(table, PgTable) ? [[getTableName(table), table] as const] : [],
  ),
);
const ALL = [...BY_DEVICE.tables, ...Object.values(BY_KIND).flat()];

describe('spreading over a cluster', () => {
  test('takes tables of single acts by a column that they have, and that is in their key', () => {
    for (const name of BY_DEVICE.tables) {
      const table = TABLES.get(name);
      if (!table) throw new Error(`There is no table ${name}.`);
      expect(Object.values(getTableColumns(table)).map((one) => one.name)).toContain(BY_DEVICE.column);
      const keys = getTableConfig(table).primaryKeys.map((key) => key.columns.map((one) => one.name));
      expect([name, ...keys.map((key) => key.includes(BY_DEVICE.column))]).toEqual([name, true]);
    }
  });

  test('leaves no rollup, summary or event out, takes each once, and none that others refer to', () => {
    const telemetry = [...TABLES.keys()].filter((name) =>
      /_(events|minutes|hours|days|weeks|today|quarters|rollups|marginals|evidence|rejections)$/.test(name),
    );
    expect([...ALL].sort()).toEqual(telemetry.sort());
    for (const table of TABLES.values()) {
      const { foreignKeys, name } = getTableConfig(table);
      const others = foreignKeys.map((key) => getTableName(key.reference().foreignTable));
      expect([name, others.filter((other) => ALL.includes(other) || ALL.includes(name))]).toEqual([name, []]);
    }
  });

  test('puts what belongs together beside its first, and leaves what is spread already', () => {
    const all = citusStatements(new Set());
    expect(all).toContain(
      "select create_distributed_table('attestation_events', 'subject_id', colocate_with => 'none')",
    );
    expect(all).toContain(
      "select create_distributed_table('request_events', 'subject_id', colocate_with => 'attestation_events')",
    );
    expect(all).toContain("select create_distributed_table('cell_rollups', null, colocate_with => 'none')");
    expect(all).toContain(
      "select create_distributed_table('cell_hours', null, colocate_with => 'cell_rollups')",
    );
    expect(citusStatements(new Set(ALL))).toEqual([]);
  });
});
