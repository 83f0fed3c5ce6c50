import { sql } from 'drizzle-orm';
import { BlockList } from '@/lib/block-list';
import { BLOCK_EFFECTS, BLOCK_SCOPES, type BlockEffect, type BlockScope } from '@/lib/contracts';
import type { Tx } from '@/lib/db';

/** Rows that are taken from the database at a time: a list of a million is never held as objects. */
const ROWS_AT_ONCE = 4_000;

interface LoadedBlock extends Record<string, unknown> {
  id: string;
  scope: BlockScope;
  app_id: string | null;
  target: string;
  effect: BlockEffect;
  expires_at_ms: number | null;
}

/**
 * What is in force, as nodes decide by it, read with a cursor in the caller's transaction. What this build cannot read is of
 * a newer one, and not for it to enforce.
 */
export async function loadBlockList(tx: Tx): Promise<BlockList> {
  const inForce = sql`lifted_at is null and (expires_at is null or expires_at > clock_timestamp())`;
  const [count] = await tx.execute<{ count: number }>(
    sql`select count(*)::int as count from blocks where ${inForce}`,
  );
  const list = new BlockList(count?.count ?? 0);
  await tx.execute(sql`
    declare loaded_blocks no scroll cursor for
    select id, scope, app_id, target, effect, (extract(epoch from expires_at) * 1000)::float8 as expires_at_ms
    from blocks where ${inForce}`);
  for (;;) {
    const rows = await tx.execute<LoadedBlock>(
      sql`fetch ${sql.raw(String(ROWS_AT_ONCE))} from loaded_blocks`,
    );
    for (const { id, scope, app_id, target, effect, expires_at_ms } of rows) {
      if (BLOCK_SCOPES.includes(scope) && BLOCK_EFFECTS.includes(effect)) {
        list.set({ id, scope, appId: app_id, target, effect, expiresAtMs: expires_at_ms });
      }
    }
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await tx.execute(sql`close loaded_blocks`);
  return list;
}
