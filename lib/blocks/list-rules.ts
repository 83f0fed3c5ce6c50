import { permittedApps, requirePermission, type VerbContext } from '@/lib/auth';
import type { BlockRulePreview, BlockRulePreviewRequest, BlockRuleView } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { isCancelled } from './reach-store';
import { exceeds } from './rule-limits';
import { countPast, countSeen, limitPatience } from './rule-reach-store';
import { listRuleRows } from './rule-store';
import { ruleView } from './rule-view';
import { appExists } from './store';

const DAY_MS = 86_400_000;
/** Devices that a preview counts, at most. */
const MOST_SEEN = 1_000_000;

/**
 * The rules of the apps whose devices the viewer may see, and deleted ones of which something is in force.
 * @throws AppError `permission_denied`
 */
export async function listRules({ db, actor, clock }: VerbContext): Promise<{ rules: BlockRuleView[] }> {
  const apps = permittedApps(actor, 'devices.read');
  const nowMs = clock.nowMs();
  const rows = await listRuleRows(db.orm, apps, new Date(nowMs - DAY_MS), new Date(nowMs));
  return { rules: rows.map(({ rule, counts }) => ruleView(rule, counts)) };
}

/**
 * Whom a rule would have blocked in the last 24 h, had it been evaluated at every moment, and whether it would have stopped
 * itself. Nothing is changed. @throws AppError `permission_denied`, `app_not_found`
 */
export async function previewRule(
  { db, actor, clock }: VerbContext,
  input: BlockRulePreviewRequest,
): Promise<BlockRulePreview> {
  requirePermission(actor, 'blocks.wide', input.appId);
  if (!(await appExists(db.orm, input.appId))) throw new AppError('app_not_found');
  const now = new Date(clock.nowMs());
  try {
    return await db.orm.transaction(
      async (tx) => {
        await limitPatience(tx);
        const targets = await countPast(tx, input, now);
        const seen = await countSeen(tx, input.appId, now, MOST_SEEN);
        return { reach: { targets, seen, wouldStop: exceeds(input, targets, seen) } };
      },
      { accessMode: 'read only' },
    );
  } catch (error) {
    if (isCancelled(error)) return { reach: null };
    throw error;
  }
}
