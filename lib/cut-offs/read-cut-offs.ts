import { requireSomewhere, type VerbContext } from '@/lib/auth';
import type { CutOffQuery, CutOffs } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { countHolders, databaseNowMs, selectCutOffs, spanOfKey } from './store';
import { type CutOffTarget, requirePartOfTarget } from './target';
import { cutOffView } from './view';

const SHOWN = 20;

/**
 * The cut-offs of one target, the latest first, and how many devices another one would hit: now, or at the moment that
 * the query gives.
 * @throws AppError `permission_denied`, `app_not_found`, `api_not_found`, `instance_not_found`, `signing_key_not_found`
 */
export async function readCutOffs({ db, actor }: VerbContext, query: CutOffQuery): Promise<CutOffs> {
  requireSomewhere(actor, 'telemetry.read');
  const target = await requirePartOfTarget(db.orm, actor, 'telemetry.read', query);
  const now = new Date(await databaseNowMs(db.orm));
  const before = query.notBefore === undefined ? now : new Date(query.notBefore);
  const [rows, devices] = await Promise.all([
    selectCutOffs(db.orm, target.scope, target.target, SHOWN),
    countTargetHolders(db.orm, target, before, now),
  ]);
  return { cutOffs: rows.map(cutOffView), devices };
}

/** How many devices hold a token of this target that was issued before a moment. */
async function countTargetHolders(
  db: Executor,
  { scope, target, apps }: CutOffTarget,
  before: Date,
  now: Date,
): Promise<number> {
  if (scope === 'instance') return countHolders(db, { apps, instanceId: target, before }, now);
  if (scope === 'api') return countHolders(db, { apps, apiId: target, before }, now);
  if (scope !== 'signing_key') return countHolders(db, { apps, before }, now);
  const span = await spanOfKey(db, target);
  if (!span?.from) return 0;
  const until = span.until && span.until < before ? span.until : before;
  return countHolders(db, { apps, kid: target, from: span.from, before: until }, now);
}
