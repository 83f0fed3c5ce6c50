import { scopeApps, type VerbContext } from '@/lib/auth';
import { countUnblocked, openBatch } from '@/lib/blocks';
import type { BlockBatch, BulkBlock, BulkCount, BulkQuery } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { listAttestingDevices } from '@/lib/telemetry/queries';
import { deviceScope, resolveSearch } from './list-devices';
import { listDeviceIds } from './store';

/** Most devices of one act. */
const MOST_DEVICES = 100_000;

/**
 * How many devices a bulk block of a query would concern, of the apps that the actor may block for. Nothing is changed.
 * @throws AppError `permission_denied`, `block_batch_too_large`, `request_invalid`
 */
export async function countBulk(ctx: VerbContext, { query }: { query: BulkQuery }): Promise<BulkCount> {
  const targets = await devicesOf(ctx, query);
  return { devices: targets.length, unblocked: await countUnblocked(ctx, targets) };
}

/**
 * Begins to block the devices of a query: which they are is settled now, however the query's answer changes meanwhile. None
 * is blocked yet: that is done by `stepBatch`.
 * @throws AppError `permission_denied`, `block_batch_empty`, `block_batch_too_large`, `request_invalid`
 */
export async function beginBulk(ctx: VerbContext, input: BulkBlock): Promise<BlockBatch> {
  return openBatch(ctx, { ...input, targets: await devicesOf(ctx, input.query) });
}

async function devicesOf(
  ctx: VerbContext,
  query: BulkQuery,
): Promise<{ instanceId: string; appId: string }[]> {
  const found =
    query.source === 'attestations'
      ? await listAttestingDevices(ctx, query, 'devices.block', MOST_DEVICES + 1)
      : await listedDevices(ctx, query);
  if (found.length > MOST_DEVICES) throw new AppError('block_batch_too_large');
  return found;
}

async function listedDevices(ctx: VerbContext, query: Extract<BulkQuery, { source: 'devices' }>) {
  const apps = scopeApps(ctx.actor, 'devices.block', query.app);
  const match = await resolveSearch(ctx, query.q);
  if (match === 'nothing') return [];
  const scope = deviceScope(apps, query, match);
  return listDeviceIds(ctx.db.orm, scope, MOST_DEVICES + 1, new Date(ctx.clock.nowMs()));
}
