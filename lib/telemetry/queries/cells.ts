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
import { instant, isOneOf, listOf } from './conditions';

const COLUMN_NAMES: Readonly<Record<Dimension, string>> = {
  platform: 'platform',
  osVersion: 'os_version',
  appVersion: 'app_version',
  model: 'model',
  country: 'country',
};

const columnOf = (dimension: Dimension) => sql.raw(`'${COLUMN_NAMES[dimension]}'`);

/** Where each dimension stands in `cell_rollups` (`r`). */
const CELL_COLUMNS = Object.fromEntries(
  DIMENSIONS.map((dimension) => [dimension, sql.raw(`r.${COLUMN_NAMES[dimension]}`)]),
) as Readonly<Record<Dimension, SQL>>;

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

interface CellRow {
  app: string;
  signal: string;
  /** A column of `cell_rollups` and its value; both empty for the whole cell. */
  dimension: string;
  value: string;
  now: number;
  past: number[];
}

/**
 * What was counted in a cell of each app, now and in each window of the past: in all, and under each value of every
 * dimension; for all signals at once. What has too few hits to be told of is left out. Of everything the sums tell that there
 * are (`marginals`, from where to where), and the cells of what is not summed yet.
 */
export async function readCellViews(
  db: Executor,
  apps: readonly string[],
  windows: Windows,
  cell: Cell,
  marginals?: Span,
): Promise<CellViews> {
  const known = isEverything(cell) ? marginals : undefined;
  const parts = [windows.now, ...windows.past].flatMap((window, index) => {
    const { summed, rest } = divide(window, known);
    const ofSums = summed.map((span) => marginalRows(index, apps, span));
    const ofCells = rest.map((span) => countCells(index, apps, span, cell));
    return [...ofSums, ...ofCells];
  });
  const past = windows.past.map((_, index) => sql`coalesce(${eventsIn(index + 1)}, 0)`);
  // First one sum for each window, then the windows beside each other: a sum for each of them would be kept for every row.
  const found = await db.execute<CellRow & Record<string, unknown>>(sql`
    select app_id as app, signal, dimension, value, ${eventsIn(0)} as now, array[${sql.join(past, sql`, `)}] as past
    from (
      select w, app_id, signal, dimension, value, sum(events) as events from (${sql.join(parts, sql` union all `)})
        c(w, app_id, signal, dimension, value, events)
      group by w, app_id, signal, dimension, value
    ) sums
    group by app_id, signal, dimension, value
    having ${eventsIn(0)} >= ${THRESHOLDS.hits}`);
  return viewsOf([...found]);
}

const isEverything = (cell: Cell) => DIMENSIONS.every((dimension) => cell[dimension] === null);

/** What of a window is summed, and what is not; neither where it would be empty. */
function divide(window: Span, known: Span | undefined): { summed: Span[]; rest: Span[] } {
  const fromMs = Math.max(window.fromMs, known?.fromMs ?? window.toMs);
  const toMs = Math.min(window.toMs, known?.toMs ?? window.toMs);
  if (fromMs >= toMs) return { summed: [], rest: [window] };
  const rest = [
    { fromMs: window.fromMs, toMs: fromMs },
    { fromMs: toMs, toMs: window.toMs },
  ];
  return { summed: [{ fromMs, toMs }], rest: rest.filter((span) => span.fromMs < span.toMs) };
}

const windowNo = (index: number) => sql.raw(`${index}::int`);

function marginalRows(index: number, apps: readonly string[], span: Span): SQL {
  return sql`
    select ${windowNo(index)} as w, r.app_id, r.signal, r.dimension, r.value, r.events from cell_marginals r
    where ${cellRows(apps, span)}`;
}

/** The same sums of a cell, made now. */
function countCells(index: number, apps: readonly string[], span: Span, cell: Cell): SQL {
  const columns = DIMENSIONS.map((dimension) => CELL_COLUMNS[dimension]);
  const names = DIMENSIONS.map(
    (dimension) => sql`when grouping(${CELL_COLUMNS[dimension]}) = 0 then ${columnOf(dimension)}`,
  );
  const sets = columns.map((column) => sql`(${column})`);
  return sql`
    select ${windowNo(index)} as w, r.app_id, r.signal, case ${sql.join(names, sql` `)} else '' end,
      coalesce(${sql.join(columns, sql`, `)}, ''), sum(r.events)
    from cell_rollups r where ${cellRows(apps, span)} and ${isInCell(CELL_COLUMNS, cell)}
    group by r.app_id, r.signal, grouping sets ((), ${sql.join(sets, sql`, `)})`;
}

function eventsIn(window: number): SQL {
  return sql`sum(events) filter (where w = ${sql.raw(String(window))})::float8`;
}

/** The rows of these apps within a span, by the primary key's leading columns. */
function cellRows(apps: readonly string[], span: Span): SQL {
  return sql`${isOneOf(sql`r.app_id`, apps)}
    and r.bucket >= ${instant(span.fromMs)} and r.bucket < ${instant(span.toMs)}`;
}

function viewsOf(rows: readonly CellRow[]): CellViews {
  const totals = new Map<string, CellRow>();
  const place = ({ app, dimension, value }: CellRow) => JSON.stringify([app, dimension, value]);
  for (const row of rows) if (row.signal === '') totals.set(place(row), row);
  const views = new Map<string, Map<string, { total: Counts | null; marginals: Marginal[] }>>();
  for (const row of rows) {
    if (row.signal === '') continue;
    const ofApp = views.get(row.app) ?? new Map();
    const view = ofApp.get(row.signal) ?? { total: null, marginals: [] };
    const dimension = DIMENSIONS.find((one) => COLUMN_NAMES[one] === row.dimension);
    const counts = countsOf(row, totals.get(place(row)));
    if (dimension === undefined) view.total = counts;
    else view.marginals.push({ dimension, value: row.value, counts });
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
    from ${listOf(apps)} as a(app_id) cross join lateral (
      select r.bucket from cell_rollups r where r.app_id = a.app_id order by r.bucket limit 1
    ) first`);
  return row?.first ?? null;
}

/** A view in which nothing was found. */
export const EMPTY_VIEW: CellView = { total: { now: NONE, past: [] }, marginals: [] };
