import { type Actor, mayDo, requirePermission, requireStepUp, type VerbContext } from '@/lib/auth';
import type { BlockEffect, BlockScope, Permission } from '@/lib/contracts';
import { AppError } from '@/lib/core';

/** Longest block for those who may only block a device for short, in seconds. */
const SHORT_BLOCK_SECONDS = 24 * 3600;

/** What it takes to block something of each scope: what names no single device concerns people whom nobody looked at. */
const PERMISSION_OF_SCOPE: Readonly<Record<BlockScope, Permission>> = {
  instance: 'devices.block',
  hardware: 'devices.block',
  network: 'blocks.wide',
  app_version: 'blocks.wide',
  os_build: 'blocks.wide',
  asn: 'blocks.wide',
  signer: 'blocks.wide',
  country: 'blocks.wide',
  app: 'blocks.wide',
};

/** What it takes to put a decision in force, whatever its length. */
export function permissionToMake(effect: BlockEffect, scope: BlockScope): Permission {
  return effect === 'allow' ? 'blocks.allow' : PERMISSION_OF_SCOPE[scope];
}

/** What it takes to end one. */
export function permissionToEnd(effect: BlockEffect): Permission {
  return effect === 'allow' ? 'blocks.allow' : 'devices.unblock';
}

/**
 * Lets pass whom the grants allow a decision of this scope and length: for its app, or for every one where it has none.
 * @throws AppError `permission_denied`, `block_too_long_for_role`
 */
export function requireToMake(
  actor: Actor,
  {
    effect,
    scope,
    appId,
    durationSeconds,
  }: { effect: BlockEffect; scope: BlockScope; appId: string | null; durationSeconds: number | null },
): void {
  const needed = permissionToMake(effect, scope);
  if (mayDo(actor, needed, appId)) return;
  if (effect === 'allow' || scope !== 'instance') throw denied(needed);
  requirePermission(actor, 'devices.block_short', appId);
  if (durationSeconds === null || durationSeconds > SHORT_BLOCK_SECONDS) {
    throw new AppError('block_too_long_for_role', {
      fields: { durationSeconds: `is at most ${SHORT_BLOCK_SECONDS} for your role` },
    });
  }
}

/** Asks for proof of who it is before a whole app is refused, alone or in a list. @throws AppError `step_up_required` */
export function requireProofFor(
  ctx: Pick<VerbContext, 'actor' | 'clock'>,
  decisions: readonly { effect: BlockEffect; scope: BlockScope }[],
): void {
  if (decisions.some(({ effect, scope }) => effect === 'refuse' && scope === 'app')) {
    requireStepUp(ctx, 'app_block');
  }
}

function denied(permission: Permission): AppError {
  return new AppError('permission_denied', { detail: `This needs the permission ${permission}.` });
}
