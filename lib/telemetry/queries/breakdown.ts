import { type SQL, sql } from 'drizzle-orm';
import type { Facet } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import {
  facetConditions,
  NO_FACETS,
  narrowingFacets,
  narrowsFacets,
  OTHER_FACETS,
  ROLLUP_FACETS,
  type RollupScope,
} from './conditions';
import { facetRows } from './facet-rows';
import { facetDaysOf, readFacetDays } from './single-facet';
import { readSummaries, type SummaryRow } from './summaries';
import type { Summed } from './summed';

/*
 * What the overview breaks attestations down by. What filters by a facet stays to be seen beside its siblings, which might be
 * chosen too: each part is counted without the filters of its own facets.
 */

type Span = { fromMs: number; toMs: number };

interface Part {
  readonly value: Facet;
  readonly detail?: Facet;
  /** Facets whose filter does not narrow it. */
  readonly leaves: readonly Facet[];
  /** The sums that tell the same where no other facet is filtered by. */
  readonly kind: SummaryRow['kind'];
  readonly of: (row: SummaryRow) => Pick<PartRow, 'value' | 'detail'>;
}

const byValue = ({ value }: SummaryRow) => ({ value, detail: '' });

const PARTS = {
  verdicts: { value: 'verdict', leaves: [], kind: 'threat', of: byValue },
  threats: {
    value: 'threat',
    leaves: ['threat'],
    kind: 'threat',
    of: ({ detail }) => ({ value: detail, detail: '' }),
  },
  versionThreats: {
    value: 'appVersion',
    detail: 'threat',
    leaves: ['appVersion', 'threat'],
    kind: 'version',
    of: ({ value, detail }) => ({ value, detail }),
  },
  countries: { value: 'country', leaves: ['country'], kind: 'country', of: byValue },
  networks: { value: 'network', leaves: ['network'], kind: 'network', of: byValue },
} as const satisfies Readonly<Record<string, Part>>;

export type PartName = keyof typeof PARTS;
const NAMES = Object.keys(PARTS) as PartName[];

/** Events of one value of a part. An unknown value, and the threat where none decided, is the empty string. */
export interface PartRow {
  value: string;
  /** The threat that decided, for `versionThreats`; else empty. */
  detail: string;
  events: number;
  rejected: number;
}

/** Each part's rows, most events first. */
export type Breakdown = Readonly<Record<PartName, readonly PartRow[]>>;

/**
 * Breaks a window down: by what is summed already where that tells it, else by one scan of what was counted by facets. Parts
 * that are not asked for are empty.
 */
export async function breakDown(
  db: Executor,
  scope: RollupScope,
  summed: Summed,
  names: readonly PartName[] = NAMES,
): Promise<Breakdown> {
  const facetsOf = (name: PartName) => narrowingFacets(scope.filter, PARTS[name].leaves);
  const open = names.filter((name) => facetsOf(name).length === 0);
  const narrowed = names.filter((name) => facetsOf(name).length > 0);
  const days = facetDaysOf(scope.window, summed);
  // Of the days whose sums tell of one facet, only what more facets narrow is looked for in combinations; of the rest, all is.
  const summedParts = days === null ? [] : narrowed.filter((name) => facetsOf(name).length === 1);
  const within = (span: Span): RollupScope => ({ ...scope, window: { ...scope.window, ...span } });
  const counted = [
    readOpen(db, scope, summed, open),
    ...(days === null ? [scope.window] : days.rest).map((span) =>
      countParts(db, within(span), summed, narrowed),
    ),
    ...(days === null
      ? []
      : [
          readByOneFacet(db, within(days.known), summedParts),
          countParts(db, within(days.known), summed, without(narrowed, summedParts)),
        ]),
  ];
  const rows = (await Promise.all(counted)).flat();
  const rowsOf = (name: PartName) => addUp(rows.filter(({ part }) => part === name)).toSorted(mostFirst);
  return {
    verdicts: rowsOf('verdicts'),
    threats: rowsOf('threats'),
    versionThreats: rowsOf('versionThreats'),
    countries: rowsOf('countries'),
    networks: rowsOf('networks'),
  };
}

const without = <Value>(all: readonly Value[], some: readonly Value[]) =>
  all.filter((value) => !some.includes(value));

/** Parts that nothing narrows. */
async function readOpen(
  db: Executor,
  { apps, window }: RollupScope,
  summed: Summed,
  names: readonly PartName[],
): Promise<NamedRow[]> {
  if (names.length === 0) return [];
  const sums = await readSummaries(db, apps, window, summed);
  return names.flatMap((name) => fromSums(name, sums));
}

/** Parts that are each narrowed by one facet, from days that are all summed. */
async function readByOneFacet(
  db: Executor,
  scope: RollupScope,
  names: readonly PartName[],
): Promise<NamedRow[]> {
  const rows = OTHER_FACETS.map(async (facet) => {
    const parts = names.filter((name) => narrowingFacets(scope.filter, PARTS[name].leaves)[0] === facet);
    if (parts.length === 0) return [];
    const filter = { ...NO_FACETS, [facet]: scope.filter[facet] };
    const sums = await readFacetDays(db, { ...scope, filter });
    return parts.flatMap((name) => fromSums(name, sums));
  });
  return (await Promise.all(rows)).flat();
}

function mostFirst(a: PartRow, b: PartRow): number {
  return b.events - a.events || (a.value < b.value ? -1 : 1);
}

type NamedRow = PartRow & { part: string };

function fromSums(name: PartName, sums: readonly SummaryRow[]): NamedRow[] {
  const { kind, of }: Part = PARTS[name];
  return sums.flatMap((sum) =>
    sum.kind === kind ? [{ part: name, ...of(sum), events: sum.events, rejected: sum.rejected }] : [],
  );
}

function addUp(all: readonly PartRow[]): PartRow[] {
  const rows = new Map<string, PartRow>();
  for (const { value, detail, events, rejected } of all) {
    const key = JSON.stringify([value, detail]);
    const row = rows.get(key) ?? { value, detail, events: 0, rejected: 0 };
    rows.set(key, { value, detail, events: row.events + events, rejected: row.rejected + rejected });
  }
  return [...rows.values()];
}

/**
 * Parts by one scan: what every part demands is looked for in the rows; what only some demand is told apart once the rows are
 * summed by what tells them apart.
 */
async function countParts(
  db: Executor,
  scope: RollupScope,
  summed: Summed,
  names: readonly PartName[],
): Promise<NamedRow[]> {
  if (names.length === 0) return [];
  const parts = names.map((name): Part & { name: PartName } => ({ ...PARTS[name], name }));
  const apart = OTHER_FACETS.filter((facet) => parts.some(({ leaves }) => leaves.includes(facet)));
  const together = OTHER_FACETS.filter((facet) => !apart.includes(facet));
  const ownConditions = ({ leaves }: Part) =>
    sql`(${facetConditions(ROLLUP_FACETS, scope.filter, [...together, ...leaves])})`;
  const someConditions = narrowsFacets(scope.filter, together)
    ? sql`(${sql.join(parts.map(ownConditions), sql` or `)})`
    : sql`true`;
  const facets = new Set<Facet>(['verdict', ...apart, ...parts.map(({ value }) => value)]);
  const columns = sql.join(
    [...facets].map((facet) => ROLLUP_FACETS[facet]),
    sql`, `,
  );
  const rows = facetRows(
    scope,
    summed,
    sql`${facetConditions(ROLLUP_FACETS, scope.filter, apart)} and ${someConditions}`,
  );
  const counts = parts.map((part) => countPart(part, ownConditions(part)));
  const found = await db.execute<NamedRow & Record<string, unknown>>(sql`
    with counted as materialized (
      select ${columns}, sum(r.events) as events from ${rows} r group by ${columns}
    ) ${sql.join(counts, sql` union all `)}`);
  return [...found];
}

function countPart({ name, value, detail }: Part & { name: PartName }, conditions: SQL): SQL {
  const columns = [value, ...(detail === undefined ? [] : [detail])].map((facet) => ROLLUP_FACETS[facet]);
  return sql`(
    select ${name}::text as part, ${columns[0]} as value, ${columns[1] ?? sql`''`} as detail,
      sum(r.events)::float8 as events,
      coalesce(sum(r.events) filter (where r.verdict = 'rejected'), 0)::float8 as rejected
    from counted r where ${conditions} group by ${sql.join(columns, sql`, `)})`;
}
