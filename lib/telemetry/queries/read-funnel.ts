import type { VerbContext } from '@/lib/auth';
import { FACETS, type Facet, type Funnel, type TelemetryFilter } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import type { FacetFilter } from './conditions';
import { countChallenges, minuteRetentionDays } from './counters';
import { readsOf } from './reads';
import { countRequests } from './requests';
import { countVerdicts } from './rollups';
import { requestApps, rollupScope, type TelemetryScope } from './scope';
import { readSummed } from './summed';

const DAY_MS = 86_400_000;

/** Facets that challenges and requests can be filtered by. */
const CHALLENGE_FACETS: readonly Facet[] = ['app'];
const REQUEST_FACETS: readonly Facet[] = ['app', 'network'];

/**
 * How many get from a challenge to an accepted request. A stage that is not counted by what was filtered by, or was
 * not kept for as long as the window reaches back, is `null`. @throws AppError `permission_denied`, `request_invalid`
 */
export async function readFunnel(ctx: VerbContext, filter: TelemetryFilter): Promise<Funnel> {
  const db = readsOf(ctx);
  const [scope, summed] = await Promise.all([rollupScope(ctx, filter), readSummed(db)]);
  const { window } = scope;
  const [challenged, verdicts, accepted] = await Promise.all([
    readChallenged(db, scope),
    countVerdicts(db, scope, summed),
    readAccepted(db, scope),
  ]);
  const evidence = Object.values(verdicts).reduce((all, events) => all + events, 0);
  return {
    from: new Date(window.fromMs).toISOString(),
    to: new Date(window.toMs).toISOString(),
    stages: [
      { stage: 'challenged', count: challenged },
      { stage: 'evidence', count: evidence },
      { stage: 'trusted', count: verdicts.trusted },
      // Everything but a rejection is answered with a token, which says what was found.
      { stage: 'token', count: evidence - verdicts.rejected },
      { stage: 'accepted', count: accepted },
    ],
  };
}

async function readChallenged(
  db: Executor,
  { apps, window, filter }: TelemetryScope,
): Promise<number | null> {
  if (!isFilteredOnlyBy(filter, CHALLENGE_FACETS)) return null;
  const keptFromMs = window.nowMs - (await minuteRetentionDays(db, apps)) * DAY_MS;
  return window.fromMs < keptFromMs ? null : countChallenges(db, apps, window);
}

async function readAccepted(db: Executor, scope: TelemetryScope): Promise<number | null> {
  if (!isFilteredOnlyBy(scope.filter, REQUEST_FACETS)) return null;
  const requests = await countRequests(db, requestApps(scope), scope.window, scope.filter.network);
  return requests.find((row) => row.outcome === 'valid')?.requests ?? 0;
}

function isFilteredOnlyBy(filter: FacetFilter, facets: readonly Facet[]): boolean {
  return FACETS.every((facet) => facets.includes(facet) || filter[facet].length === 0);
}
