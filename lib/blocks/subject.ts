import { parseTarget, SCOPES_OF_ONE_APP } from '@/lib/block-list';
import type { BlockScope } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { Executor } from '@/lib/db';
import { appExists, appOfInstance } from './store';

/** What a decision is about, as a person or a list states it. */
export interface StatedSubject {
  scope: BlockScope;
  target: string;
  appId: string | null;
}

/**
 * The same in its one spelling, with the app that it belongs to: a device belongs to its own, the whole app is itself.
 * @throws AppError `block_target_malformed`, `block_network_malformed`, `block_asn_malformed`, `block_country_unknown`,
 * `block_app_needed`, `app_not_found`, `instance_not_found`
 */
export async function resolveSubject(db: Executor, stated: StatedSubject): Promise<StatedSubject> {
  const { scope } = stated;
  const parsed = parseTarget(scope, stated.target);
  if (!parsed.ok) throw new AppError(parsed.code, { fields: { target: parsed.message } });
  const { target } = parsed;
  if (scope === 'instance') {
    const appId = await appOfInstance(db, target);
    if (appId === undefined || (stated.appId !== null && stated.appId !== appId)) {
      throw new AppError('instance_not_found');
    }
    return { scope, target, appId };
  }
  const appId = scope === 'app' ? target : stated.appId;
  if (appId === null && SCOPES_OF_ONE_APP.has(scope)) {
    throw new AppError('block_app_needed', { fields: { appId: 'is needed' } });
  }
  if (appId !== null && !(await appExists(db, appId))) throw new AppError('app_not_found');
  return { scope, target, appId };
}
