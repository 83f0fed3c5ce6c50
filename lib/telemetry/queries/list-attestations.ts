import type { VerbContext } from '@/lib/auth';
import { scopeApps } from '@/lib/auth';
import type { AttestationExport, AttestationQuery, AttestationRow, TelemetryFilter } from '@/lib/contracts';
import { parseReference } from '@/lib/core';
import { cutPage, decodeCursor } from './cursor';
import type { EventScope } from './events';
import { countFacets, type FacetCounts } from './facet-counts';
import { findAllEvents, findEvents } from './find-events';
import { readsOf, readsUntil } from './reads';
import { registeredApps } from './rollups';
import { eventScope, windowOf } from './scope';
import { readSummed } from './summed';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const EXPORT_PAGE = 1_000;

/** One page of attestations, newest first. @throws AppError `permission_denied`, `request_invalid` */
export async function listAttestations(
  ctx: VerbContext,
  input: AttestationQuery,
): Promise<{ rows: AttestationRow[]; nextCursor: string | null }> {
  const scope = searched(eventScope(ctx, input), input.q);
  if (!scope) return { rows: [], nextCursor: null };
  const found = await findEvents(readsOf(ctx), scope, decodeCursor(input.cursor), input.limit + 1);
  const { shown, nextCursor } = cutPage(found, input.limit);
  return { rows: shown.map((event) => event.row), nextCursor };
}

/**
 * All attestations that a filter lets through, newest first, a page at a time, each read when the one before was taken, until
 * `signal` aborts: then it ends, and so does the statement that is running in the database. Permission is checked before the
 * first page is asked for. @throws AppError `permission_denied`, `request_invalid`
 */
export function exportAttestations(
  ctx: VerbContext,
  input: AttestationExport,
  signal: AbortSignal,
): AsyncIterable<readonly AttestationRow[]> {
  return pagesOf(ctx, searched(eventScope(ctx, input), input.q), signal);
}

async function* pagesOf(
  ctx: VerbContext,
  scope: EventScope | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly AttestationRow[]> {
  if (scope === undefined) return;
  try {
    for await (const page of findAllEvents(readsUntil(signal, ctx), scope, EXPORT_PAGE)) {
      yield page.map((event) => event.row);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** How often each value of each facet occurs, under the filters of the other facets. */
export async function listFacets(
  ctx: VerbContext,
  filter: TelemetryFilter,
): Promise<{ facets: FacetCounts }> {
  const permitted = scopeApps(ctx.actor, 'telemetry.read', []) ?? (await registeredApps(readsOf(ctx)));
  const apps = filter.app.length === 0 ? permitted : filter.app.filter((app) => permitted.includes(app));
  const window = await windowOf(ctx, apps, filter);
  const summed = await readSummed(readsOf(ctx));
  // What may be chosen among is counted of others as well.
  const scope = { apps, isEveryApp: false, permitted, window, filter };
  return { facets: await countFacets(readsOf(ctx), scope, summed) };
}

/** The scope narrowed to a reference or an instance; `undefined` where the text can be neither. */
export function searched(scope: EventScope, q: string): EventScope | undefined {
  if (q === '') return scope;
  const reference = parseReference(q);
  if (reference !== undefined) return { ...scope, only: { reference } };
  return UUID.test(q) ? { ...scope, only: { instanceId: q.toLowerCase() } } : undefined;
}
