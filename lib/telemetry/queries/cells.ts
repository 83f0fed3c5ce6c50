import { type SQL, sql } from 'drizzle-orm';
import type { Cell } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import {
  type BucketCounts,
  type CellView,
  type Counts,
  DIMENSIONS,
  type Dimension,
  type Jump,
  type Marginal,
  NONE,
  type Span,
  THRESHOLDS,
  type Windows,
} from '../what-changed';
import { instant, isOneOf } from './conditions';

/** Where each dimension stands in `cell_rollups` (`r`). */
const CELL_COLUMNS: Readonly<Record<Dimension, SQL>> = {
  platform: sql`r.platform`,
  osVersion: sql`r.os_version`,
  appVersion: sql`r.app_version`,
  model: sql`r.model`,
  country: sql`r.country`,
};

/** The same in the events (`e`). */
export const EVENT_DIMENSIONS: Readonly<Record<Dimension, SQL>> = {
  platform: sql`e.platform`,
  osVersion: sql`e.os_version`,
  appVersion: sql`e.app_version`,
  model: sql`e.model`,
  country: sql`coalesce(e.country, '')`,
};

/** What lies in a cell. */
export function isInCell(columns: Readonly<Record<Dimension, SQL>>, cell: Cell): SQL {
  const conditions = DIMENSIONS.flatMap((dimension) => {
    const value = cell[dimension];
    return value === null ? [] : [sql`${columns[dimension]} = ${value}`];
  });
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

/** What was found in a cell, by app and signal. */
export type CellViews = ReadonlyMap<string, ReadonlyMap<string, CellView>>;

type CellRow = Record<Dimension, string | null> & {
  app: string;
  signal: string;
  /** A bit per dimension that the row does not group by, the first dimension being the highest. */
  set: number;
  now: number;
  past: number[];
};

/**
 * What was counted in a cell of each app, now and in each window of the past: in all, and under each value of every
 * dimension; for all signals at once. What has too few hits to be told of is left out.
 */
export async function readCellViews(
  db: Executor,
  apps: readonly string[],
  windows: Windows,
  cell: Cell,
): Promise<CellViews> {
  const columns = sql.join(
    DIMENSIONS.map((dimension) => sql`${CELL_COLUMNS[dimension]} as ${sql.identifier(dimension)}`),
    sql`, `,
  );
  const spans = [windows.now, ...windows.past];
  const rows = sql.join(
    spans.map(
      (span, index) => sql`
        select ${index}::int as w, r.app_id, r.signal, ${columns}, r.events from cell_rollups r
        where ${cellRows(apps, span)} and ${isInCell(CELL_COLUMNS, cell)}`,
    ),
    sql` union all `,
  );
  const names = sql.join(
    DIMENSIONS.map((dimension) => sql.identifier(dimension)),
    sql`, `,
  );
  const sets = DIMENSIONS.map((dimension) => sql`(w, app_id, signal, ${sql.identifier(dimension)})`);
  const past = windows.past.map((_, index) => sql`coalesce(${eventsIn(index + 1)}, 0)`);
  // First one sum for each window, then the windows beside each other: a sum for each of them would be kept for every row.
  const found = await db.execute<CellRow & Record<string, unknown>>(sql`
    select app_id as app, signal, set, ${names}, ${eventsIn(0)} as now, array[${sql.join(past, sql`, `)}] as past
    from (
      select w, app_id, signal, grouping(${names})::int as set, ${names}, sum(events) as events
      from (${rows}) c
      group by grouping sets ((w, app_id, signal), ${sql.join(sets, sql`, `)})
    ) sums
    group by app_id, signal, set, ${names}
    having ${eventsIn(0)} >= ${THRESHOLDS.hits}`);
  return viewsOf([...found]);
}

function eventsIn(window: number): SQL {
  return sql`sum(events) filter (where w = ${sql.raw(String(window))})::float8`;
}

/** The rows of these apps within a span, by the primary key's leading columns. */
function cellRows(apps: readonly string[], span: Span): SQL {
  return sql`${isOneOf(sql`r.app_id`, apps)}
    and r.bucket >= ${instant(span.fromMs)} and r.bucket < ${instant(span.toMs)}`;
}

const ALL_OPEN = 2 ** DIMENSIONS.length - 1;

/** The dimension that a row groups by; `undefined` for the row that stands for the whole cell. */
function dimensionOf({ set }: CellRow): Dimension | undefined {
  return DIMENSIONS.find((_, index) => set === ALL_OPEN - 2 ** (DIMENSIONS.length - 1 - index));
}

function viewsOf(rows: readonly CellRow[]): CellViews {
  const totals = new Map<string, CellRow>();
  const place = (row: CellRow) => {
    const dimension = dimensionOf(row);
    return JSON.stringify([row.app, dimension, dimension && row[dimension]]);
  };
  for (const row of rows) if (row.signal === '') totals.set(place(row), row);
  const views = new Map<string, Map<string, { total: Counts | null; marginals: Marginal[] }>>();
  for (const row of rows) {
    if (row.signal === '') continue;
    const ofApp = views.get(row.app) ?? new Map();
    const view = ofApp.get(row.signal) ?? { total: null, marginals: [] };
    const dimension = dimensionOf(row);
    const counts = countsOf(row, totals.get(place(row)));
    if (dimension === undefined) view.total = counts;
    else view.marginals.push({ dimension, value: row[dimension] ?? '', counts });
    ofApp.set(row.signal, view);
    views.set(row.app, ofApp);
  }
  return views as CellViews;
}

function countsOf(hits: CellRow, events: CellRow | undefined): Counts {
  return {
    now: { hits: hits.now, events: events?.now ?? hits.now },
    past: hits.past.map((count, index) => ({ hits: count, events: events?.past[index] ?? count })),
  };
}

/** What was counted where a signal jumped, by bucket, oldest first; buckets without attestations are left out. */
export async function readJumpSeries(db: Executor, jump: Jump, span: Span): Promise<BucketCounts[]> {
  const rows = await db.execute<{ at: number; hits: number; events: number }>(sql`
    select (extract(epoch from r.bucket) * 1000)::float8 as at,
      coalesce(sum(r.events) filter (where r.signal = ${jump.signal}), 0)::float8 as hits,
      coalesce(sum(r.events) filter (where r.signal = ''), 0)::float8 as events
    from cell_rollups r
    where ${cellRows([jump.appId], span)} and r.signal in ('', ${jump.signal})
      and ${isInCell(CELL_COLUMNS, jump.cell)}
    group by 1 order by 1`);
  return rows.map(({ at, hits, events }) => ({ atMs: at, hits, events }));
}

/** The first bucket that is still known of these apps; `null` where there is none. */
export async function firstCellMs(db: Executor, apps: readonly string[]): Promise<number | null> {
  const [row] = await db.execute<{ first: number | null }>(sql`
    select (extract(epoch from min(first.bucket)) * 1000)::float8 as first
    from apps cross join lateral (
      select r.bucket from cell_rollups r where r.app_id = apps.id order by r.bucket limit 1
    ) first
    where ${isOneOf(sql`apps.id`, apps)}`);
  return row?.first ?? null;
}

/** A view in which nothing was found. */
export const EMPTY_VIEW: CellView = { total: { now: NONE, past: [] }, marginals: [] };
