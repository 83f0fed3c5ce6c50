import { recordAudit } from '@/lib/audit';
import { newId, type OriginId, type RotationId } from '@/lib/core';
import type { Database, Tx } from '@/lib/db';
import type { AddressGuard } from '@/lib/outbound';
import { type ProbeResult, probeTls } from './probe';
import { findOrigin } from './store/origins';
import { type DueOrigin, insertProbe, takeDueOrigins } from './store/probes';
import { lockOpenRotation, moveRotation, type RotationRow } from './store/rotations';

/** How long after a probe the next one is due, in seconds: more often while a server is being switched. */
export const PROBE_EVERY_SECONDS = { usual: 3_600, failed: 300, switching: 5 } as const;
const AT_ONCE = 8;
const SYSTEM = { kind: 'system', id: 'probe', name: 'Countersign' } as const;

/**
 * Probes the origins whose turn it is, some at once, and files what was found; a rotation that waits for its server is
 * confirmed by it. Any number of processes may do this. Returns how many were probed.
 */
export async function probeDueOrigins(db: Database, guard: AddressGuard): Promise<number> {
  const due = await takeDueOrigins(db, AT_ONCE);
  await Promise.all(
    due.map(async (origin) => {
      const result = await probeTls(origin, guard, origin.nowMs);
      await fileProbe(db, origin, result);
    }),
  );
  return due.length;
}

/** Files one probe together with what it means for a rotation. */
export async function fileProbe(
  db: Database,
  origin: Pick<DueOrigin, 'id' | 'nowMs' | 'requestedByName'>,
  result: ProbeResult,
): Promise<void> {
  const { outcome, address, protocol, durationMs } = result;
  const probedAt = new Date(origin.nowMs + durationMs);
  await db.orm.transaction(async (tx) => {
    const rotation = await lockOpenRotation(tx, origin.id);
    const state = rotation === undefined ? undefined : await follow(tx, rotation, result, probedAt);
    const every = state === 'switching' ? 'switching' : outcome === 'ok' ? 'usual' : 'failed';
    await insertProbe(
      tx,
      {
        id: newId(probedAt.getTime()),
        originId: origin.id,
        probedAt,
        requestedByName: origin.requestedByName,
        outcome,
        address,
        protocol,
        durationMs,
        chain: [...result.chain],
        findings: [...result.findings],
      },
      PROBE_EVERY_SECONDS[every],
    );
  });
}

/** Confirms a rotation whose new key is presented, and takes that back where the old one is again. Returns its state. */
async function follow(
  tx: Tx,
  rotation: RotationRow,
  { outcome, chain }: ProbeResult,
  at: Date,
): Promise<RotationRow['state']> {
  if (outcome !== 'ok') return rotation.state;
  const presented = new Set(chain.map(({ spkiSha256 }) => spkiSha256));
  const hasSwitched = presented.has(rotation.newPin) && !presented.has(rotation.oldPin);
  const isConfirmed = rotation.state === 'confirmed';
  if (hasSwitched === isConfirmed) return rotation.state;
  const state = hasSwitched ? 'confirmed' : 'switching';
  const id = rotation.id as RotationId;
  await moveRotation(tx, id, [rotation.state], { state, confirmedAt: hasSwitched ? at : null });
  const origin = await findOrigin(tx, rotation.originId as OriginId);
  await recordAudit(tx, SYSTEM, {
    action: hasSwitched ? 'pin_rotation.confirm' : 'pin_rotation.reopen',
    targetKind: 'origin',
    targetId: rotation.originId,
    appId: rotation.appId,
    detail: { rotationId: id, host: origin?.host, newPin: rotation.newPin, oldPin: rotation.oldPin },
  });
  return state;
}
