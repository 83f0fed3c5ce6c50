import type { AppScope, BlockRights, DecisionRights } from '@/components/blocks/block-rights';
import { mayDo, type StaffActor } from '@/lib/auth';
import { PERMISSIONS_OF_ROLE, type Permission } from '@/lib/contracts';

/** For which apps somebody was granted a permission. */
function scopeOf(actor: StaffActor, permission: Permission): AppScope {
  if (mayDo(actor, permission, null)) return 'all';
  return actor.grants
    .filter((grant) => PERMISSIONS_OF_ROLE[grant.role].includes(permission))
    .flatMap((grant) => grant.appId ?? []);
}

/** What the signed-in person may do about devices, for the page to offer; each act is decided by its verb again. */
export function blockRightsOf(actor: StaffActor): BlockRights {
  return {
    short: scopeOf(actor, 'devices.block_short'),
    any: scopeOf(actor, 'devices.block'),
    lift: scopeOf(actor, 'devices.unblock'),
    allow: scopeOf(actor, 'blocks.allow'),
  };
}

/** For which apps somebody may change origins and pins. */
export function certificateScopeOf(actor: StaffActor): AppScope {
  return scopeOf(actor, 'certificates.write');
}

/** What the signed-in person may do on the page of blocks. */
export function decisionRightsOf(actor: StaffActor): DecisionRights {
  return {
    devices: scopeOf(actor, 'devices.block'),
    wide: scopeOf(actor, 'blocks.wide'),
    allow: scopeOf(actor, 'blocks.allow'),
    lift: scopeOf(actor, 'devices.unblock'),
  };
}

/** For which apps somebody may erase devices. */
export function eraseScopeOf(actor: StaffActor): AppScope {
  return scopeOf(actor, 'devices.erase');
}

/** For which apps somebody may cut tokens off. */
export function cutOffScopeOf(actor: StaffActor): AppScope {
  return scopeOf(actor, 'cut_offs.write');
}

/** For which apps somebody may export archived evidence. */
export function exportScopeOf(actor: StaffActor): AppScope {
  return scopeOf(actor, 'evidence.export');
}

/** For which apps somebody may register what the service and relying parties go by. */
export function registryScopeOf(actor: StaffActor): AppScope {
  return scopeOf(actor, 'apps.write');
}

/** For which apps somebody may put signals into quarantine. */
export function quarantineScopeOf(actor: StaffActor): AppScope {
  return scopeOf(actor, 'policies.quarantine');
}

/** For which apps somebody may edit and publish policies. */
export function policyScopeOf(actor: StaffActor): AppScope {
  return scopeOf(actor, 'policies.write');
}
