import { scopeApps, type VerbContext } from '@/lib/auth';
import type { DeviceFacetsQuery, DevicePage, DeviceQuery } from '@/lib/contracts';
import { cutPage, decodeCursor, encodeCursor, findEventByReference } from '@/lib/telemetry/queries';
import { DEVICE_LIMITS } from './device-limits';
import { readDeviceSearch } from './search-text';
import { listDeviceRows } from './source-store';
import type { DeviceMatch, DeviceScope } from './store';

/**
 * One page of devices, last seen first. Where there are more than can be looked through for what is asked, it is of those seen
 * last, and `further` tells where to look on. @throws AppError `permission_denied`, `request_invalid`
 */
export async function listDevices(
  ctx: VerbContext,
  input: DeviceQuery,
  limits = DEVICE_LIMITS,
): Promise<DevicePage> {
  const apps = scopeApps(ctx.actor, 'devices.read', input.app);
  const after = decodeCursor(input.cursor);
  const match = await resolveSearch(ctx, input.q);
  if (match === 'nothing') return { rows: [], nextCursor: null, further: null };
  const now = new Date(ctx.clock.nowMs());
  const scope = deviceScope(apps, input, match);
  const found = await listDeviceRows(ctx.db.orm, scope, after, input.limit + 1, now, limits);
  const { shown, nextCursor } = cutPage(found.rows, input.limit);
  return {
    rows: shown.map((device) => device.row),
    nextCursor,
    further: nextCursor === null && found.further !== null ? encodeCursor(found.further) : null,
  };
}

/** A query of devices, whatever their facets. */
export const NO_FACETS = { verdict: [], platform: [], country: [], osVersion: [], appVersion: [] };

/** The devices of these apps that a query asks for. */
export function deviceScope(
  apps: readonly string[] | null,
  query: Omit<DeviceFacetsQuery, 'q' | 'app'>,
  match: DeviceMatch | undefined,
): DeviceScope {
  return {
    apps,
    verdicts: query.verdict,
    platforms: query.platform,
    countries: query.country,
    osVersions: query.osVersion,
    appVersions: query.appVersion,
    blocked: query.blocked === undefined ? undefined : query.blocked === 'true',
    match,
  };
}

/** What to match by; a reference stands for the device of its attestation. */
export async function resolveSearch(
  { db }: VerbContext,
  q: string,
): Promise<DeviceMatch | 'nothing' | undefined> {
  const search = readDeviceSearch(q);
  if (search.kind === 'none') return undefined;
  if (search.kind !== 'reference') return search;
  const event = await findEventByReference(db.orm, search.reference);
  return event?.row.instanceId ? { kind: 'id', id: event.row.instanceId } : 'nothing';
}
