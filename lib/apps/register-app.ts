import { TEMPLATES } from '@/lib/appraisal';
import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, type VerbContext } from '@/lib/auth';
import { appendChange } from '@/lib/changes';
import type { AppRegistered, AppRegistration } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { findIdentityHolder, insertApp, loadApps, lockRegistry } from './store';
import { requireUsableAnchors } from './trust-anchors';
import { appView } from './view';

/**
 * Registers an app with its reference values and publishes its first policy from a template.
 * @throws AppError `permission_denied`, `request_invalid`, `app_already_exists`, `app_identity_taken`
 */
export async function registerApp(
  { db, actor, clock }: VerbContext,
  input: AppRegistration,
): Promise<AppRegistered> {
  requirePermission(actor, 'apps.write', null);
  const nowMs = clock.nowMs();
  requireUsableAnchors(input.trustAnchors, nowMs);
  return db.orm.transaction(async (tx) => {
    await lockRegistry(tx);
    const policy = {
      policy: TEMPLATES[input.policyTemplate],
      reason: `First policy, from the template ${input.policyTemplate}.`,
      publishedBy: actor.name,
    };
    if (!(await insertApp(tx, input, policy, new Date(nowMs)))) {
      throw new AppError('app_already_exists', { fields: { id: 'is taken' } });
    }
    const holder = await findIdentityHolder(tx, input);
    if (holder !== undefined)
      throw new AppError('app_identity_taken', { detail: `The app ${holder} has it.` });
    const [stored] = await loadApps(tx, [input.id]);
    if (!stored) throw new AppError('app_not_found');
    const seq = await appendChange(tx, 'app', stored.snapshot);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'app.register',
      targetKind: 'app',
      targetId: input.id,
      appId: input.id,
      detail: { name: input.name, environment: input.environment, policyTemplate: input.policyTemplate },
      changeSeq: seq,
    });
    return { ...appView(stored, { apis: [], attestations24h: 0, devices24h: 0 }), seq };
  });
}
