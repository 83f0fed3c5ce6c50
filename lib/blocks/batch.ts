import { recordAudit } from '@/lib/audit';
import {
  type Actor,
  auditActorOf,
  mayDo,
  mayDoSomewhere,
  requirePermission,
  requireSomewhere,
  type VerbContext,
} from '@/lib/auth';
import type { BlockBatch, BulkBlock } from '@/lib/contracts';
import { AppError, newId } from '@/lib/core';
import type { Tx } from '@/lib/db';
import {
  type BatchRow,
  type BatchTarget,
  dropTargets,
  findBatch,
  insertBatch,
  insertTargets,
  lockBatch,
  takeTargets,
  unfinishedBatches,
  updateBatch,
} from './batch-store';
import { announceLifted, makeBlocks } from './make-blocks';
import { permissionToEnd } from './permissions';
import { activeTargets, appsOfBatch, liftSomeOfBatch } from './store';

/** Devices that one step deals with: nobody else waits for the change feed for longer than that takes. */
const STEP = 500;

/** Of these devices, how many have no block of their own. */
export async function countUnblocked(
  { db, clock }: Pick<VerbContext, 'db' | 'clock'>,
  targets: readonly BatchTarget[],
): Promise<number> {
  const now = new Date(clock.nowMs());
  let unblocked = 0;
  for (let from = 0; from < targets.length; from += STEP * 20) {
    const ids = targets.slice(from, from + STEP * 20).map(({ instanceId }) => instanceId);
    unblocked += ids.length - (await activeTargets(db.orm, ids, now)).size;
  }
  return unblocked;
}

/**
 * Writes down an act that is to block these devices, and blocks none of them yet.
 * @throws AppError `permission_denied`, `block_batch_empty`
 */
export async function openBatch(
  ctx: VerbContext,
  {
    query,
    reason,
    incident = null,
    durationSeconds,
    targets,
  }: Pick<BulkBlock, 'query' | 'reason' | 'incident' | 'durationSeconds'> & {
    targets: readonly BatchTarget[];
  },
): Promise<BlockBatch> {
  const { db, actor, clock } = ctx;
  requireSomewhere(actor, 'devices.block');
  for (const appId of new Set(targets.map((target) => target.appId))) {
    requirePermission(actor, 'devices.block', appId);
  }
  if (targets.length === 0) throw new AppError('block_batch_empty');
  const nowMs = clock.nowMs();
  const batch: BatchRow = {
    id: newId(nowMs),
    state: 'open',
    query,
    reason,
    incident,
    expiresAt: durationSeconds === null ? null : new Date(nowMs + durationSeconds * 1000),
    createdBy: actor.id,
    createdByName: actor.name,
    createdAt: new Date(nowMs),
    steppedAt: null,
    devices: targets.length,
    handled: 0,
    blocked: 0,
    lifted: 0,
    seq: null,
  };
  await db.orm.transaction(async (tx) => {
    await insertBatch(tx, batch);
    await insertTargets(tx, batch.id, targets);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'block.bulk',
      targetKind: 'block_batch',
      targetId: batch.id,
      reason,
      detail: {
        devices: targets.length,
        durationSeconds,
        query,
        ...(incident === null ? {} : { incident }),
      },
    });
  });
  return batchView(ctx, batch);
}

/**
 * Blocks the next devices of an act, at most 500; it is over when `state` says so. Devices that are blocked already, or
 * allowed, are left as they are. Whoever began it goes on with it, at any time, or who may block for the organisation;
 * once its blocks would have ended, there is nothing left to do.
 * @throws AppError `permission_denied`, `block_batch_not_found`, `block_batch_undone`
 */
export async function stepBatch(ctx: VerbContext, { id }: { id: string }): Promise<BlockBatch> {
  const { db, actor } = ctx;
  requireSomewhere(actor, 'devices.block');
  return db.orm.transaction(async (tx) => {
    const batch = await lockBatch(tx, id);
    if (!batch) throw new AppError('block_batch_not_found');
    requireOwn(actor, batch, 'devices.block');
    if (batch.state === 'undoing' || batch.state === 'undone') throw new AppError('block_batch_undone');
    if (batch.state === 'done') return batchView(ctx, batch);
    return batchView(ctx, await blockSome(tx, ctx, batch));
  });
}

async function blockSome(tx: Tx, ctx: VerbContext, batch: BatchRow): Promise<BatchRow> {
  const { actor, clock } = ctx;
  const now = new Date(clock.nowMs());
  if (batch.expiresAt !== null && batch.expiresAt <= now) {
    await dropTargets(tx, batch.id);
    const over = { handled: batch.devices, state: 'done', steppedAt: now } as const;
    return (await updateBatch(tx, batch.id, over)) ?? batch;
  }
  const taken = await takeTargets(tx, batch.id, STEP);
  for (const appId of new Set(taken.map((target) => target.appId))) {
    requirePermission(actor, 'devices.block', appId);
  }
  const ids = taken.map(({ instanceId }) => instanceId);
  const allowed = await activeTargets(tx, ids, now, 'allow');
  const handled = batch.handled + taken.length;
  const { rows, seq } = await makeBlocks(
    tx,
    ctx,
    { origin: 'person', batchId: batch.id },
    taken
      .filter(({ instanceId }) => !allowed.has(instanceId))
      .map(({ instanceId, appId }) => ({
        scope: 'instance',
        target: instanceId,
        appId,
        effect: 'refuse',
        reason: batch.reason,
        incident: batch.incident,
        owner: null,
        expiresAt: batch.expiresAt,
      })),
  );
  const isOver = taken.length < STEP || handled >= batch.devices;
  if (rows.length > 0) {
    await recordAudit(tx, auditActorOf(actor), {
      action: 'block.bulk_step',
      targetKind: 'block_batch',
      targetId: batch.id,
      reason: batch.reason,
      detail: { blocks: rows.length },
      changeSeq: seq,
    });
  }
  const next = await updateBatch(tx, batch.id, {
    handled,
    blocked: batch.blocked + rows.length,
    state: isOver ? 'done' : 'open',
    steppedAt: now,
    ...(rows.length > 0 ? { seq } : {}),
  });
  return next ?? batch;
}

/**
 * Lifts the next blocks that an act or an import made, at most 500; it is over when `state` says `undone`. What was lifted
 * by somebody else meanwhile stays as it is, and what the act had not come to is left out.
 * @throws AppError `permission_denied`, `block_batch_not_found`, `block_batch_undone`
 */
export async function undoBatch(
  ctx: VerbContext,
  { id, reason }: { id: string; reason: string },
): Promise<BlockBatch> {
  const { db, actor, clock } = ctx;
  requireSomewhere(actor, 'devices.unblock');
  return db.orm.transaction(async (tx) => {
    const batch = await lockBatch(tx, id);
    if (!batch) throw new AppError('block_batch_not_found');
    requireOwn(actor, batch, 'devices.unblock');
    if (batch.state === 'undone') throw new AppError('block_batch_undone');
    await dropTargets(tx, id);
    for (const { appId, effect } of await appsOfBatch(tx, id)) {
      requirePermission(actor, permissionToEnd(effect), appId);
    }
    const lift = { by: actor.id, byName: actor.name, reason };
    const now = new Date(clock.nowMs());
    const lifted = await liftSomeOfBatch(tx, id, lift, now, STEP);
    const { seq } = await announceLifted(tx, lifted);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'block.bulk_undo',
      targetKind: 'block_batch',
      targetId: id,
      reason,
      detail: { lifted: lifted.length },
      changeSeq: lifted.length > 0 ? seq : null,
    });
    const next = await updateBatch(tx, id, {
      lifted: batch.lifted + lifted.length,
      state: lifted.length < STEP ? 'undone' : 'undoing',
      steppedAt: now,
      ...(lifted.length > 0 ? { seq } : {}),
    });
    return batchView(ctx, next ?? batch);
  });
}

/** How far an act is. @throws AppError `permission_denied`, `block_batch_not_found` */
export async function readBatch(ctx: VerbContext, { id }: { id: string }): Promise<BlockBatch> {
  const { db, actor } = ctx;
  requireSomewhere(actor, 'devices.read');
  const batch = await findBatch(db.orm, id);
  if (!batch) throw new AppError('block_batch_not_found');
  requireOwn(actor, batch, 'devices.read');
  return batchView(ctx, batch);
}

/** More than are ever left at once. */
const MOST_UNFINISHED = 20;

/**
 * Acts that are under way or were left half way: the actor's own, or everybody's for who may read for the organisation.
 * @throws AppError `permission_denied`
 */
export async function listUnfinished(ctx: VerbContext): Promise<{ batches: BlockBatch[] }> {
  const { db, actor } = ctx;
  requireSomewhere(actor, 'devices.read');
  const whose = mayDo(actor, 'devices.read', null) ? null : actor.id;
  const rows = await unfinishedBatches(db.orm, whose, MOST_UNFINISHED);
  return { batches: rows.map((row) => batchView(ctx, row)) };
}

type OwnPermission = 'devices.block' | 'devices.unblock' | 'devices.read';

function isOwn(actor: Actor, batch: BatchRow, permission: OwnPermission): boolean {
  return batch.createdBy === actor.id || mayDo(actor, permission, null);
}

function requireOwn(actor: Actor, batch: BatchRow, permission: OwnPermission): void {
  if (isOwn(actor, batch, permission)) return;
  throw new AppError('permission_denied', {
    detail: `This needs the permission ${permission} for every app.`,
  });
}

/** A step takes a second at most: whoever is at an act has moved it within so long. */
const AT_IT_MS = 10_000;

function batchView({ actor, clock }: Pick<VerbContext, 'actor' | 'clock'>, batch: BatchRow): BlockBatch {
  const { id, state, reason, incident, createdByName, devices, handled, blocked, lifted, seq } = batch;
  // Each step asks again, for the apps that it concerns.
  const may = (permission: OwnPermission) =>
    isOwn(actor, batch, permission) && mayDoSomewhere(actor, permission);
  return {
    ...{ id, state, reason, incident, createdByName, devices, handled, blocked, lifted, seq },
    createdAt: batch.createdAt.toISOString(),
    isLeft:
      (state === 'open' || state === 'undoing') &&
      clock.nowMs() - (batch.steppedAt ?? batch.createdAt).getTime() >= AT_IT_MS,
    mayGoOn: state === 'open' && may('devices.block'),
    mayUndo: state !== 'undone' && may('devices.unblock'),
  };
}
