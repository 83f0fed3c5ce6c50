import type { BlockView } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { findActive } from './store';
import { blockView } from './view';

/** The block on a whole app that is in force at `now`, if there is one. */
export async function findAppBlock(db: Executor, appId: string, now: Date): Promise<BlockView | null> {
  const found = await findActive(db, { scope: 'app', target: appId, appId, effect: 'refuse' }, now);
  return found === undefined ? null : blockView(found);
}
