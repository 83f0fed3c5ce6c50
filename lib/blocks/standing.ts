import { type BlockDecision, type BlockFacts, BlockList, targetsOf } from '@/lib/block-list';
import type { BlockDecisionRecord, BlockStanding } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { activeOnTargets, type BlockRow, findBlocks } from './store';
import { blockEntry, blockView } from './view';

/** What would be decided of somebody now, as the nodes decide it, with the decisions as they are stored. */
export async function standingOf(db: Executor, facts: BlockFacts, nowMs: number): Promise<BlockStanding> {
  const rows = await activeOnTargets(db, facts.appId, targetsOf(facts), new Date(nowMs));
  const list = new BlockList();
  for (const row of rows) list.set(blockEntry(row));
  return described(list.decide(facts, nowMs), rows);
}

/** The decisions that had a part in a recorded one; `null` where none had, or none is left. */
export async function standingOfRecord(
  db: Executor,
  record: BlockDecisionRecord | undefined,
): Promise<BlockStanding | null> {
  if (record === undefined) return null;
  const { block, liftedBy, simulated } = record;
  const ids = [block?.id, liftedBy?.id, ...simulated].filter((id) => id !== undefined);
  return described(record, await findBlocks(db, ids));
}

function described(decision: BlockDecision | null, rows: readonly BlockRow[]): BlockStanding {
  const views = new Map(rows.map((row) => [row.id, blockView(row)]));
  const view = (entry: { id: string } | null | undefined) => (entry ? (views.get(entry.id) ?? null) : null);
  return {
    refusedBy: view(decision?.block),
    liftedBy: view(decision?.liftedBy),
    simulated: (decision?.simulated ?? []).flatMap((id) => views.get(id) ?? []),
  };
}
