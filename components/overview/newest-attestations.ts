import type { AttestationRow, Facet, LiveMessage } from '@/lib/contracts';
import type { OverviewView } from './overview-links';

/** How many of the newest attestations are shown. */
export const NEWEST_COUNT = 12;

/** What of a view decides which rows belong to it. */
export type RowFilter = Pick<OverviewView, 'apps' | 'facets'>;

/** How a row states each facet; it does not tell the policy's version. */
const STATED: Readonly<Record<Facet, ((row: AttestationRow) => string) | null>> = {
  app: (row) => row.appId,
  verdict: (row) => row.verdict,
  threat: (row) => row.decidingThreat ?? '',
  platform: (row) => row.platform,
  appVersion: (row) => row.appVersion,
  osVersion: (row) => row.osVersion,
  country: (row) => row.country ?? '',
  network: (row) => row.networkKind,
  policyVersion: null,
};
const FACET_NAMES = Object.keys(STATED) as Facet[];

function allows(values: readonly string[] | undefined, value: string): boolean {
  return values === undefined || values.length === 0 || values.includes(value);
}

/** The rows of a live message that belong to what is looked at. */
export function arrivalsFor(
  message: Pick<LiveMessage<'attestations'>, 'rows'>,
  { apps, facets }: RowFilter,
): AttestationRow[] {
  const filter = { ...facets, app: apps };
  return message.rows.filter((row) =>
    FACET_NAMES.every((facet) => {
      const stated = STATED[facet];
      return stated === null ? allows(filter[facet], '') : allows(filter[facet], stated(row));
    }),
  );
}

/**
 * Whether a live message leaves open which rows are the newest: it carries at most some of what happened, and too few of
 * those that are looked at, or the rows do not state what they are filtered by.
 */
export function leavesOpen(message: LiveMessage<'attestations'>, filter: RowFilter): boolean {
  const happened = message.counts
    .filter(({ appId, verdict }) => allows(filter.apps, appId) && allows(filter.facets.verdict, verdict))
    .reduce((sum, { events }) => sum + events, 0);
  if (happened === 0) return false;
  const carried = message.rows.filter(
    (row) => allows(filter.apps, row.appId) && allows(filter.facets.verdict, row.verdict),
  ).length;
  const unstated = (filter.facets.policyVersion?.length ?? 0) > 0;
  return unstated || (carried < happened && arrivalsFor(message, filter).length < NEWEST_COUNT);
}

/** The newest of both, each once, newest first. */
export function mergeNewest(
  known: readonly AttestationRow[],
  arrived: readonly AttestationRow[],
): AttestationRow[] {
  const byId = new Map([...known, ...arrived].map((row) => [row.id, row]));
  return [...byId.values()]
    .sort((a, b) => b.receivedAt.localeCompare(a.receivedAt) || b.id.localeCompare(a.id))
    .slice(0, NEWEST_COUNT);
}
