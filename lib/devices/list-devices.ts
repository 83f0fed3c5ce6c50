import { scopeApps, type VerbContext } from '@/lib/auth';
import type { DeviceQuery, DeviceRow } from '@/lib/contracts';
import { cutPage, decodeCursor, findEventByReference } from '@/lib/telemetry/queries';
import { readDeviceSearch } from './search-text';
import { type DeviceMatch, listDeviceRows } from './store';

/** One page of devices, last seen first. @throws AppError `permission_denied`, `request_invalid` */
export async function listDevices(
  ctx: VerbContext,
  input: DeviceQuery,
): Promise<{ rows: DeviceRow[]; nextCursor: string | null }> {
  const apps = scopeApps(ctx.actor, 'devices.read', input.app);
  const after = decodeCursor(input.cursor);
  const match = await resolveSearch(ctx, input.q);
  if (match === 'nothing') return { rows: [], nextCursor: null };
  const scope = {
    apps,
    verdicts: input.verdict,
    platforms: input.platform,
    blocked: input.blocked === undefined ? undefined : input.blocked === 'true',
    match,
  };
  const now = new Date(ctx.clock.nowMs());
  const found = await listDeviceRows(ctx.db.orm, scope, after, input.limit + 1, now);
  const { shown, nextCursor } = cutPage(found, input.limit);
  return { rows: shown.map((device) => device.row), nextCursor };
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
