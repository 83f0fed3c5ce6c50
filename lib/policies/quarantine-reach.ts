import { compileCondition } from '@/lib/appraisal';
import { requirePermission, type VerbContext } from '@/lib/auth';
import type { Condition, Platform, QuarantinePreview, QuarantineReach } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { readSignalPlaces, type SignalPlace, type SignalPlaces } from '@/lib/telemetry/queries';
import { findQuarantine } from './quarantine-store';
import { findStanding } from './store';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * What a quarantine would have met in the last hour. Nothing is changed.
 * @throws AppError `permission_denied`, `app_not_found`
 */
export async function previewQuarantine(
  ctx: VerbContext,
  { appId, threat, when }: QuarantinePreview,
): Promise<QuarantineReach> {
  requirePermission(ctx.actor, 'policies.quarantine', appId);
  requirePermission(ctx.actor, 'telemetry.read', appId);
  if (!(await findStanding(ctx.db.orm, appId))) throw new AppError('app_not_found');
  const nowMs = ctx.clock.nowMs();
  const span = { fromMs: nowMs - HOUR_MS, toMs: nowMs + 1 };
  return reachOf(await readSignalPlaces(ctx, { appId, threat, ...span }), when, span.fromMs);
}

/**
 * What a quarantine met since it began, within the last 24 hours of it.
 * @throws AppError `permission_denied`, `quarantine_not_found`
 */
export async function readQuarantineEffect(
  ctx: VerbContext,
  { id }: { id: string },
): Promise<QuarantineReach> {
  const row = await findQuarantine(ctx.db.orm, id);
  if (!row) throw new AppError('quarantine_not_found');
  requirePermission(ctx.actor, 'policies.read', row.appId);
  requirePermission(ctx.actor, 'telemetry.read', row.appId);
  const endMs = (row.endedAt ?? row.expiresAt).getTime();
  const toMs = Math.min(ctx.clock.nowMs() + 1, endMs);
  const fromMs = Math.max(row.createdAt.getTime(), toMs - DAY_MS);
  const places = await readSignalPlaces(ctx, { appId: row.appId, threat: row.threat, fromMs, toMs });
  return reachOf(places, row.condition, fromMs);
}

/** Counts what was found by whether the condition holds, as nodes judge it. */
function reachOf({ attestations, sinceMs, places }: SignalPlaces, when: Condition, fromMs: number) {
  const holds = compileCondition(when);
  const devices = new Set<number>();
  const decided: QuarantineReach['decided'] = {};
  let found = 0;
  let elsewhere = 0;
  for (const place of places) {
    if (!holds(clientOf(place))) {
      elsewhere += place.attestations;
      continue;
    }
    found += place.attestations;
    for (const device of place.devices) devices.add(device);
    if (place.isDecided) decided[place.verdict] = (decided[place.verdict] ?? 0) + place.attestations;
  }
  return {
    since: new Date(sinceMs ?? fromMs).toISOString(),
    ...{ attestations, found: { attestations: found, devices: devices.size }, decided, elsewhere },
  };
}

/** Written by the service itself, whose platforms these are. */
const clientOf = (place: SignalPlace) => ({ ...place, platform: place.platform as Platform | 'unknown' });
