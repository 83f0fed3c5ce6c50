import { recordAudit } from '@/lib/audit';
import { auditActorOf, type VerbContext } from '@/lib/auth';
import type { Pin, RotationAct, RotationStart } from '@/lib/contracts';
import { AppError, newId, type OriginId, type RotationId } from '@/lib/core';
import type { Tx } from '@/lib/db';
import { commitConfig } from './commit-config';
import { lockOrigin, requireOrigin } from './require-origin';
import { currentPinSets, listPinSets, type PinSetRow } from './store/pin-sets';
import { newestProbes } from './store/probes';
import { insertRotation } from './store/rotations';

/**
 * Begins to replace a pin: the new one joins the set, with a further backup where one is needed for what is left at the
 * end, and devices begin to fetch it. The old one stays until the server has switched.
 * @throws AppError `permission_denied`, `origin_not_found`, `edit_conflict`, `request_invalid`, `rotation_already_open`,
 * `rotation_step_early` where no chain was read yet
 */
export async function startRotation(
  { db, actor, clock }: VerbContext,
  input: RotationStart & { id: string },
): Promise<RotationAct> {
  const known = await requireOrigin(db.orm, actor, 'certificates.write', input.id);
  const now = new Date(clock.nowMs());
  const rotationId = newId<RotationId>(now.getTime());
  return db.orm.transaction(async (tx) => {
    const { origin, version } = await lockOrigin(tx, known);
    const set = (await currentPinSets(tx, [origin.id])).get(origin.id);
    if (set === undefined || set.version !== input.basedOn) throw new AppError('edit_conflict');
    const chain = await requireChain(tx, origin.id);
    const pins = pinsDuring(set, input, chain);
    const isPublished = pins.length === set.pins.length;
    const addedInVersion = (await heldSince(tx, set, input.newPin.spkiSha256)) ?? version + 1;
    const made = await insertRotation(tx, {
      id: rotationId,
      appId: origin.appId,
      originId: origin.id,
      state: 'adopting',
      newPin: input.newPin.spkiSha256,
      oldPin: input.oldPin,
      addedInVersion,
      targetShare: input.targetShare,
      startedAt: now,
      startedByName: actor.name,
    });
    if (!made) throw new AppError('rotation_already_open');
    const audit = {
      action: 'pin_rotation.start',
      targetKind: 'origin',
      targetId: origin.id,
      appId: origin.appId,
      reason: input.reason,
      detail: { rotationId, host: origin.host, oldPin: input.oldPin, newPin: input.newPin.spkiSha256 },
    };
    if (isPublished) {
      await recordAudit(tx, auditActorOf(actor), audit);
      return { rotationId, state: 'adopting', seq: null };
    }
    const { reportOnly } = set;
    const toPublish = { origin, pins, reportOnly, reason: input.reason, overridden: [] };
    const { seq } = await commitConfig(tx, {
      actor,
      appId: origin.appId,
      version,
      now,
      set: toPublish,
      audit,
    });
    return { rotationId, state: 'adopting', seq };
  });
}

/** Pins that the server presented when it was last seen. */
async function requireChain(tx: Tx, originId: string): Promise<ReadonlySet<string>> {
  const probe = (await newestProbes(tx, [originId])).withChain.get(originId);
  if (probe === undefined) {
    throw new AppError('rotation_step_early', {
      detail: 'The server’s chain has not been read yet: probe it first.',
    });
  }
  return new Set(probe.chain.map(({ spkiSha256 }) => spkiSha256));
}

/** The set while both pins are in it. @throws AppError `request_invalid` where it could not end well */
function pinsDuring(set: PinSetRow, input: RotationStart, chain: ReadonlySet<string>): Pin[] {
  const wrong = (fields: Record<string, string>) => new AppError('request_invalid', { fields });
  const { oldPin, newPin, backup } = input;
  if (!set.pins.some(({ spkiSha256 }) => spkiSha256 === oldPin)) throw wrong({ oldPin: 'is not in the set' });
  if (newPin.spkiSha256 === oldPin) throw wrong({ newPin: 'is the pin that it is to replace' });
  if (chain.has(newPin.spkiSha256)) throw wrong({ newPin: 'is what the server presents already' });
  if (!chain.has(oldPin)) throw wrong({ oldPin: 'is not what the server presents' });
  const pins = [...set.pins];
  for (const pin of [newPin, ...(backup === null ? [] : [backup])]) {
    if (!pins.some(({ spkiSha256 }) => spkiSha256 === pin.spkiSha256)) pins.push(pin);
  }
  // What is left when the old pin is retired: the new one is presented then, and so is the rest of today's chain.
  const inReserve = pins.filter(
    ({ spkiSha256 }) => spkiSha256 !== newPin.spkiSha256 && spkiSha256 !== oldPin && !chain.has(spkiSha256),
  );
  if (inReserve.length === 0) {
    throw wrong({ backup: 'is needed: without it no backup would be left once the old pin is retired' });
  }
  return pins;
}

/** Since which version of the configuration a pin has been in the set without a break; `undefined` where it is not. */
async function heldSince(tx: Tx, set: PinSetRow, pin: string): Promise<number | undefined> {
  let since: number | undefined;
  for (const { version, pins } of await listPinSets(tx, set.originId as OriginId, 100)) {
    if (!pins.some(({ spkiSha256 }) => spkiSha256 === pin)) break;
    since = version;
  }
  return since;
}
