import { sql } from 'drizzle-orm';
import { BlockList } from '@/lib/block-list';
import { BLOCK_EFFECTS, BLOCK_SCOPES, type BlockEffect, type BlockScope } from '@/lib/contracts';
import { driverOf, type Tx } from '@/lib/db';
import { copiedRows } from './copied-rows';

/**
 * What is in force, as nodes decide by it, in the caller's transaction. It streams: a list of a million is never held as
 * objects, and nothing of the rows but the list itself stays. What this build cannot read is of a newer one, and not for it
 * to enforce.
 */
export async function loadBlockList(tx: Tx): Promise<BlockList> {
  const [counted] = await tx.execute<{ count: number }>(sql`
    select count(*)::int as count from blocks
    where lifted_at is null and (expires_at is null or expires_at > clock_timestamp())`);
  const list = new BlockList(counted?.count ?? 0);
  const stream = await driverOf(tx)`
    copy (
      select id, scope, app_id, target, effect, (extract(epoch from expires_at) * 1000)::float8
      from blocks where lifted_at is null and (expires_at is null or expires_at > clock_timestamp())
    ) to stdout`.readable();
  for await (const rows of copiedRows(stream)) {
    for (const [id, scope, appId, target, effect, expiresAtMs] of rows) {
      if (id == null || target == null || !isScope(scope) || !isEffect(effect)) continue;
      list.set({
        ...{ id, scope, target, effect },
        appId: appId ?? null,
        expiresAtMs: expiresAtMs == null ? null : Number(expiresAtMs),
      });
    }
  }
  return list;
}

const isScope = (text: string | null | undefined): text is BlockScope =>
  (BLOCK_SCOPES as readonly (string | null | undefined)[]).includes(text);
const isEffect = (text: string | null | undefined): text is BlockEffect =>
  (BLOCK_EFFECTS as readonly (string | null | undefined)[]).includes(text);
