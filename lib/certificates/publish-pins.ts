import { requireStepUp, type VerbContext } from '@/lib/auth';
import type { Pin, PinAct, PinProblem, PinPublication } from '@/lib/contracts';
import { AppError, type OriginId } from '@/lib/core';
import type { Tx } from '@/lib/db';
import { commitConfig } from './commit-config';
import { problemsOf } from './judge-pins';
import { lockOrigin, requireOrigin } from './require-origin';
import type { OriginRow } from './store/origins';
import { newestProbes } from './store/probes';
import { lockOpenRotation } from './store/rotations';

/**
 * Publishes the pins of an origin as the next version of its app's configuration, on top of the set that the editor
 * started from. A set that could cut the app off is refused unless that is overridden; one that only reports cannot. An
 * empty set ends pinning of the host.
 * @throws AppError `permission_denied`, `origin_not_found`, `edit_conflict`, `request_invalid`, `pins_unsafe`,
 * `step_up_required`, `rotation_already_open`
 */
export async function publishPins(ctx: VerbContext, input: PinPublication & { id: string }): Promise<PinAct> {
  const { db, actor, clock } = ctx;
  const known = await requireOrigin(db.orm, actor, 'certificates.write', input.id);
  const now = new Date(clock.nowMs());
  return db.orm.transaction(async (tx) => {
    const { origin, version } = await lockOrigin(tx, known);
    if (origin.pinVersion !== input.basedOn) throw new AppError('edit_conflict');
    requireDistinct(input.pins);
    const rotation = await lockOpenRotation(tx, origin.id as OriginId);
    const holds = (pin: string) => input.pins.some(({ spkiSha256 }) => spkiSha256 === pin);
    if (rotation !== undefined && !(holds(rotation.newPin) && holds(rotation.oldPin))) {
      throw new AppError('rotation_already_open', {
        detail: 'The rotation that is under way needs both of its pins. End it or cancel it first.',
      });
    }
    const problems = await requireSafe(tx, ctx, origin, input);
    const { pins, reportOnly, reason } = input;
    const result = await commitConfig(tx, {
      actor,
      appId: origin.appId,
      version,
      now,
      set: { origin, pins, reportOnly, reason, overridden: problems },
      audit: {
        action: 'pins.publish',
        targetKind: 'origin',
        targetId: origin.id,
        reason,
        detail: {
          host: origin.host,
          pins: pins.map(({ spkiSha256 }) => spkiSha256),
          reportOnly,
          overridden: problems,
        },
      },
    });
    return { originId: origin.id, ...result };
  });
}

/**
 * What the operator overrode, if there was anything.
 * @throws AppError `pins_unsafe` where they did not, `step_up_required` where they did
 */
export async function requireSafe(
  tx: Tx,
  ctx: Pick<VerbContext, 'actor' | 'clock'>,
  origin: OriginRow,
  { pins, reportOnly, override }: { pins: readonly Pin[]; reportOnly: boolean; override: boolean },
): Promise<PinProblem[]> {
  if (reportOnly || pins.length === 0) return [];
  const { withChain } = await newestProbes(tx, [origin.id]);
  const problems = problemsOf(pins, withChain.get(origin.id)?.chain ?? null);
  if (problems.length > 0 && !override) {
    throw new AppError('pins_unsafe', { detail: problems.map((problem) => WHY[problem]).join(' ') });
  }
  if (problems.length > 0) requireStepUp(ctx, 'pins_override');
  return problems;
}

const WHY: Readonly<Record<PinProblem, string>> = {
  no_match: 'No pin is in the chain that the server presents: devices would refuse it.',
  no_backup: 'There is no backup: a pin of a key that the server does not present.',
  never_probed: 'The server’s chain has not been read yet, so that nothing can be checked.',
};

function requireDistinct(pins: readonly Pin[]): void {
  if (new Set(pins.map(({ spkiSha256 }) => spkiSha256)).size !== pins.length) {
    throw new AppError('request_invalid', { fields: { pins: 'holds the same pin twice' } });
  }
}
