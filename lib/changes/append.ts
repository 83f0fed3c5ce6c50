import { sql } from 'drizzle-orm';
import { changeLog } from '@/drizzle/schema';
import type { ChangePayloads, ChangeTopic } from '@/lib/contracts';
import type { Tx } from '@/lib/db';
import { CHANGES_CHANNEL } from './channels';

/**
 * Appends one change inside the caller's transaction and returns its `seq`. The counter row stays locked until that
 * transaction ends, so that `seq` order is commit order and a rollback leaves no gap: call it last, just before the
 * commit. Readers are woken by the commit itself.
 */
export async function appendChange<Topic extends ChangeTopic>(
  tx: Tx,
  topic: Topic,
  payload: ChangePayloads[Topic],
): Promise<number> {
  const [next] = await tx.execute<{ seq: string; epoch: string }>(
    sql`update change_feed set seq = seq + 1 where id = 1 returning seq, epoch`,
  );
  if (!next) throw new Error('The change feed has no counter row.');
  const seq = Number(next.seq);
  await tx.insert(changeLog).values({
    seq,
    epoch: next.epoch,
    topic,
    payload,
    committedAt: sql`clock_timestamp()`,
  });
  await tx.execute(sql`select pg_notify(${CHANGES_CHANNEL}, ${String(seq)})`);
  return seq;
}
