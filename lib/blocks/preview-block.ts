import { requireSomewhere, scopeApps, type VerbContext } from '@/lib/auth';
import { SCOPES_AT_AUTHORIZE } from '@/lib/block-list';
import type { BlockPreview, BlockPreviewQuery } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { OFFENCE_DAYS, suggestedSeconds } from './escalation';
import { countReach, countRequests } from './reach-store';
import { countOffences, findActive } from './store';
import { resolveSubject } from './subject';
import { blockView } from './view';

const DAY_MS = 86_400_000;

/**
 * What a decision would have met in the last 24 h, and what stands in its way. Nothing is changed.
 * @throws AppError `permission_denied`, and those of `resolveSubject`
 */
export async function previewBlock(ctx: VerbContext, input: BlockPreviewQuery): Promise<BlockPreview> {
  const { db, actor, clock } = ctx;
  requireSomewhere(actor, 'devices.block_short');
  const subject = await resolveSubject(db.orm, { ...input, appId: input.appId ?? null });
  requireMaySee(ctx, subject.appId);
  const nowMs = clock.nowMs();
  const now = new Date(nowMs);
  const since = new Date(nowMs - DAY_MS);
  const [reach, requests, duplicate, contradiction, offences] = await Promise.all([
    countReach(db, subject, since),
    subject.scope === 'app' ? countRequests(db.orm, subject.target, since) : null,
    findActive(db.orm, { ...subject, effect: input.effect }, now),
    input.effect === 'allow' ? undefined : findActive(db.orm, { ...subject, effect: 'allow' }, now),
    countOffences(db.orm, subject, new Date(nowMs - OFFENCE_DAYS * DAY_MS)),
  ]);
  return {
    target: subject.target,
    reach,
    requests,
    duplicate: duplicate ? blockView(duplicate) : null,
    contradiction: contradiction ? blockView(contradiction) : null,
    enforcedAtAuthorize: SCOPES_AT_AUTHORIZE.has(subject.scope),
    offences,
    suggestedSeconds: suggestedSeconds(offences),
  };
}

/** Who sees one app is not told how many devices another one has. */
function requireMaySee({ actor }: VerbContext, appId: string | null): void {
  const visible = scopeApps(actor, 'devices.read', []);
  if (visible !== null && (appId === null || !visible.includes(appId))) {
    throw new AppError('permission_denied', { detail: 'This concerns apps that you may not see.' });
  }
}
