import { isBelowMinimum } from '@/lib/appraisal';
import { auditActorOf, requirePermission, requireStepUp, type VerbContext } from '@/lib/auth';
import { createBlock, findAppBlock, liftBlock } from '@/lib/blocks';
import type {
  BlastRadius,
  BlastRadiusQuery,
  EmergencyChanged,
  EmergencyState,
  KillSwitch,
  MinimumVersionsChange,
} from '@/lib/contracts';
import { AppError } from '@/lib/core';
import {
  countAttestationsByVersion,
  countDevicesByVersion,
  findMinimumVersions,
  updateMinimumVersions,
  type VersionCount,
} from './emergency-store';
import { announce, lockApp } from './publish';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MOST_VERSIONS = 20;

/** The switches of an app. @throws AppError `permission_denied`, `app_not_found` */
export async function readEmergency(
  { db, actor, clock }: VerbContext,
  { id }: { id: string },
): Promise<EmergencyState> {
  requirePermission(actor, 'apps.read', id);
  const found = await findMinimumVersions(db.orm, id);
  if (!found) throw new AppError('app_not_found');
  const block = await findAppBlock(db.orm, id, new Date(clock.nowMs()));
  return {
    ...found,
    killSwitch: block && {
      blockId: block.id,
      reason: block.reason,
      by: block.createdByName,
      since: block.createdAt,
    },
  };
}

/** What a switch would have met in the last 24 h. Nothing is changed. @throws AppError `permission_denied`, `app_not_found` */
export async function readBlastRadius(
  { db, actor, clock }: VerbContext,
  { id, ...minimum }: BlastRadiusQuery,
): Promise<BlastRadius> {
  requirePermission(actor, 'apps.read', id);
  if (!(await findMinimumVersions(db.orm, id))) throw new AppError('app_not_found');
  const sinceMs = clock.nowMs() - DAY_MS;
  const sinceHour = new Date(Math.floor(sinceMs / HOUR_MS) * HOUR_MS);
  const attestations = await countAttestationsByVersion(db.orm, id, sinceHour);
  const devices = await countDevicesByVersion(db.orm, id, new Date(sinceMs));
  const { ios = null, android = null } = minimum;
  const isWholeApp = ios === null && android === null;
  const isMet = ({ platform, version }: VersionCount) =>
    isWholeApp || isBelowMinimum({ ios, android }, platform, version);
  const of = (counts: readonly VersionCount[]) => ({ affected: sum(counts.filter(isMet)), all: sum(counts) });
  return {
    attestations: of(attestations),
    devices: of(devices),
    versions: attestations
      .filter(isMet)
      .sort((a, b) => b.count - a.count)
      .slice(0, MOST_VERSIONS)
      .map(({ platform, version, count }) => ({ platform, version, attestations: count })),
  };
}

const sum = (counts: readonly VersionCount[]) => counts.reduce((total, { count }) => total + count, 0);

/**
 * Refuses a whole app, or lets it in again: a block of scope `app`, which attestations and relying parties obey alike.
 * @throws AppError `permission_denied`, `step_up_required`, `app_not_found`, `kill_switch_unchanged`
 */
export async function setKillSwitch(
  ctx: VerbContext,
  { id, on, reason }: KillSwitch,
): Promise<EmergencyChanged> {
  requirePermission(ctx.actor, 'apps.emergency', id);
  requireStepUp(ctx, 'app_block');
  const { killSwitch } = await readEmergency(ctx, { id });
  if ((killSwitch !== null) === on) throw new AppError('kill_switch_unchanged');
  if (killSwitch !== null) {
    const { liftSeq } = await liftBlock(ctx, { id: killSwitch.blockId, reason });
    return { ...(await readEmergency(ctx, { id })), seq: liftSeq ?? 0 };
  }
  const about = { scope: 'app' as const, target: id, appId: id, effect: 'refuse' as const };
  const { seq } = await createBlock(ctx, { ...about, reason, durationSeconds: null });
  return { ...(await readEmergency(ctx, { id })), seq };
}

/**
 * Sets the oldest app version of each platform that is let in, whatever the policy says.
 * @throws AppError `permission_denied`, `step_up_required`, `app_not_found`, `edit_conflict`
 */
export async function setMinimumVersions(
  ctx: VerbContext,
  { id, revision, minimumVersions, reason }: MinimumVersionsChange,
): Promise<EmergencyChanged> {
  const { db, actor, clock } = ctx;
  requirePermission(actor, 'apps.emergency', id);
  requireStepUp(ctx, 'app_minimum_versions');
  const seq = await db.orm.transaction(async (tx) => {
    await lockApp(tx, id);
    const before = await findMinimumVersions(tx, id);
    const now = new Date(clock.nowMs());
    if (!(await updateMinimumVersions(tx, id, revision, minimumVersions, now))) {
      throw new AppError('edit_conflict', { detail: 'The app was changed meanwhile.' });
    }
    return announce(tx, auditActorOf(actor), id, {
      ...{ action: 'app.minimum_versions', targetKind: 'app', targetId: id, reason },
      detail: { from: before?.minimumVersions, to: minimumVersions },
    });
  });
  return { ...(await readEmergency(ctx, { id })), seq };
}
