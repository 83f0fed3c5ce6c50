import { sql } from 'drizzle-orm';
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
  return appendChanges(tx, topic, [payload]);
}

/**
 * Appends several changes of one topic, in their order, and returns the `seq` of the first; the others follow without a
 * gap. All the same holds. @throws RangeError where there is none
 */
export async function appendChanges<Topic extends ChangeTopic>(
  tx: Tx,
  topic: Topic,
  payloads: readonly ChangePayloads[Topic][],
): Promise<number> {
  if (payloads.length === 0) throw new RangeError('There is no change to append.');
  // One exchange with the database: the counter is locked from here on, and whoever acts next waits for it.
  const [next] = await tx.execute<{ seq: string }>(sql`
    with next as (
      update change_feed set seq = seq + ${payloads.length}::int where id = 1 returning seq, epoch
    ), logged as (
      insert into change_log (seq, epoch, topic, payload, committed_at)
      select next.seq - ${payloads.length}::int + given.place, next.epoch, ${topic}, given.payload, clock_timestamp()
      from next, jsonb_array_elements(${JSON.stringify(payloads)}::text::jsonb) with ordinality as given (payload, place)
    )
    select seq, pg_notify(${CHANGES_CHANNEL}, seq::text) from next`);
  if (!next) throw new Error('The change feed has no counter row.');
  const first = Number(next.seq) - payloads.length + 1;
  return first;
}
