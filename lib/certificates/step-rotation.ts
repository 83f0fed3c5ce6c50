import { recordAudit } from '@/lib/audit';
import { auditActorOf, requireStepUp, type VerbContext } from '@/lib/auth';
import type { RotationAct, RotationState, RotationStep } from '@/lib/contracts';
import { AppError, type OriginId, type RotationId } from '@/lib/core';
import type { Tx } from '@/lib/db';
import { adoptionOf, switchRisk } from './adoption';
import { commitConfig } from './commit-config';
import { requireSafe } from './publish-pins';
import { lockOrigin, requireOrigin } from './require-origin';
import { askForProbe, type OriginRow } from './store/origins';
import { currentPinSets } from './store/pin-sets';
import { newestProbes } from './store/probes';
import {
  devicesByConfig,
  lockOpenRotation,
  moveRotation,
  OPEN_STATES,
  type RotationRow,
} from './store/rotations';

/** What a step works with: everything locked, so that of two people who take it one finds it taken. */
interface StepFacts {
  readonly tx: Tx;
  readonly ctx: VerbContext;
  readonly now: Date;
  readonly origin: OriginRow;
  readonly version: number;
  readonly rotation: RotationRow & { id: RotationId };
  readonly input: RotationStep;
}

const STEPS: Readonly<Record<RotationStep['step'], (facts: StepFacts) => Promise<RotationAct>>> = {
  switch: announceSwitch,
  retire: retireOldPin,
  cancel: cancelRotation,
};

/**
 * Takes the next step of the rotation that is under way. `switch` says that the server changes its key now, and is
 * refused while too many devices lack the new pin; `retire` takes the old pin away, once a probe has confirmed the
 * switch; `cancel` ends the rotation and leaves the pins as they are.
 * @throws AppError `permission_denied`, `origin_not_found`, `rotation_not_found`, `rotation_step_early`,
 * `rotation_not_safe`, `pins_unsafe`, `step_up_required` where one of them is overridden
 */
export async function stepRotation(
  ctx: VerbContext,
  input: RotationStep & { id: string },
): Promise<RotationAct> {
  const { db, actor, clock } = ctx;
  const known = await requireOrigin(db.orm, actor, 'certificates.write', input.id);
  const now = new Date(clock.nowMs());
  return db.orm.transaction(async (tx) => {
    const { origin, version } = await lockOrigin(tx, known);
    const rotation = await lockOpenRotation(tx, origin.id as OriginId);
    if (rotation === undefined || rotation.id !== input.rotationId) throw new AppError('rotation_not_found');
    const facts = {
      tx,
      ctx,
      now,
      origin,
      version,
      rotation: { ...rotation, id: rotation.id as RotationId },
      input,
    };
    return STEPS[input.step](facts);
  });
}

async function announceSwitch(facts: StepFacts): Promise<RotationAct> {
  const { tx, ctx, now, origin, rotation, input } = facts;
  const set = (await currentPinSets(tx, [origin.id])).get(origin.id);
  const devices = await devicesByConfig(tx, origin.appId, now.getTime());
  const adoption = adoptionOf(devices, rotation.addedInVersion);
  const { cutOffNow, isSafe } = switchRisk(adoption, rotation, set?.reportOnly === true);
  if (!isSafe && !input.override) {
    throw new AppError('rotation_not_safe', {
      detail: `${cutOffNow} of ${adoption.devices} devices do not hold the new pin yet and would be cut off.`,
    });
  }
  if (!isSafe) requireStepUp(ctx, 'pin_switch_override');
  const change = {
    state: 'switching',
    switchedAt: now,
    switchedByName: ctx.actor.name,
    cutOffAtSwitch: cutOffNow,
  } as const;
  await move(facts, ['adopting'], change);
  // So that the first probe after the switch does not wait for its hour.
  await askForProbe(tx, origin.id as OriginId, null);
  await audit(facts, 'pin_rotation.switch', { ...adoption, cutOffNow, overridden: !isSafe });
  return { rotationId: rotation.id, state: 'switching', seq: null };
}

async function retireOldPin(facts: StepFacts): Promise<RotationAct> {
  const { tx, ctx, now, origin, version, rotation, input } = facts;
  const set = (await currentPinSets(tx, [origin.id])).get(origin.id);
  const newest = (await newestProbes(tx, [origin.id])).newest.get(origin.id);
  const presented = newest?.chain.map(({ spkiSha256 }) => spkiSha256) ?? [];
  if (rotation.state !== 'confirmed' || !presented.includes(rotation.newPin) || set === undefined) {
    throw new AppError('rotation_step_early', {
      detail: 'No probe has confirmed that the server presents the new key.',
    });
  }
  const pins = set.pins.filter(({ spkiSha256 }) => spkiSha256 !== rotation.oldPin);
  const { reportOnly } = set;
  const overridden = await requireSafe(tx, ctx, origin, { pins, reportOnly, override: input.override });
  await move(facts, ['confirmed'], {
    state: 'finished',
    endedAt: now,
    endedByName: ctx.actor.name,
    retiredInVersion: version + 1,
  });
  const { seq } = await commitConfig(tx, {
    actor: ctx.actor,
    appId: origin.appId,
    version,
    now,
    set: { origin, pins, reportOnly, reason: input.reason, overridden },
    audit: auditEntry(facts, 'pin_rotation.retire', { overridden }),
  });
  return { rotationId: rotation.id, state: 'finished', seq };
}

async function cancelRotation(facts: StepFacts): Promise<RotationAct> {
  const { ctx, now, rotation } = facts;
  await move(facts, OPEN_STATES, { state: 'cancelled', endedAt: now, endedByName: ctx.actor.name });
  await audit(facts, 'pin_rotation.cancel', { state: rotation.state });
  return { rotationId: rotation.id, state: 'cancelled', seq: null };
}

async function move(
  { tx, rotation }: StepFacts,
  from: readonly RotationState[],
  change: Partial<RotationRow>,
): Promise<void> {
  if (!(await moveRotation(tx, rotation.id, from, change))) {
    throw new AppError('rotation_step_early', { detail: `The rotation is ${rotation.state} already.` });
  }
}

function auditEntry({ origin, rotation, input }: StepFacts, action: string, detail: Record<string, unknown>) {
  return {
    action,
    targetKind: 'origin',
    targetId: origin.id,
    appId: origin.appId,
    reason: input.reason,
    detail: {
      rotationId: rotation.id,
      host: origin.host,
      oldPin: rotation.oldPin,
      newPin: rotation.newPin,
      ...detail,
    },
  };
}

async function audit(facts: StepFacts, action: string, detail: Record<string, unknown>): Promise<void> {
  await recordAudit(facts.tx, auditActorOf(facts.ctx.actor), auditEntry(facts, action, detail));
}
