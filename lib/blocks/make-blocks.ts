import type { VerbContext } from '@/lib/auth';
import { appendChanges } from '@/lib/changes';
import { type BlockId, newId } from '@/lib/core';
import type { Tx } from '@/lib/db';
import { type BlockRow, closeExpired, insertBlocks, type NewBlock, setBlockSeqs, setLiftSeqs } from './store';
import { blockSnapshot } from './view';

/** What a decision is about and for how long, before it is somebody's. */
export type Decision = Pick<
  NewBlock,
  'scope' | 'target' | 'appId' | 'effect' | 'reason' | 'incident' | 'owner' | 'expiresAt'
>;

/** Decisions that were put in force, with where the feed stands behind the last of them; 0 where there were none. */
export interface Made {
  rows: BlockRow[];
  seq: number;
}

/**
 * Puts decisions in force, all in the caller's transaction: the rows, and a change each. Left out are those whose place is
 * taken. Only what carries the changes' numbers may follow: the feed's counter is locked from here on.
 */
export async function makeBlocks(
  tx: Tx,
  { actor, clock }: Pick<VerbContext, 'actor' | 'clock'>,
  origin: Pick<NewBlock, 'origin' | 'batchId'>,
  decisions: readonly Decision[],
): Promise<Made> {
  const nowMs = clock.nowMs();
  // In the order of their places, so that two who make the same ones wait for each other, and not in a circle.
  const ordered = decisions.toSorted((a, b) => compare(placeOf(a), placeOf(b)));
  for (const scope of new Set(ordered.map((decision) => decision.scope))) {
    const targets = ordered.filter((decision) => decision.scope === scope).map(({ target }) => target);
    await closeExpired(tx, scope, targets, new Date(nowMs));
  }
  const rows = await insertBlocks(
    tx,
    ordered.map((decision) => ({
      ...decision,
      ...origin,
      id: newId<BlockId>(nowMs),
      createdBy: actor.id,
      createdByName: actor.name,
      createdAt: new Date(nowMs),
    })),
  );
  if (rows.length === 0) return { rows, seq: 0 };
  const first = await appendChanges(
    tx,
    'block',
    rows.map((row) => blockSnapshot(row, true)),
  );
  await setBlockSeqs(
    tx,
    rows.map(({ id }) => id),
    first,
  );
  return { rows: rows.map((row, index) => ({ ...row, seq: first + index })), seq: first + rows.length - 1 };
}

/** Tells the nodes that decisions have ended, all in the caller's transaction, in which they were lifted. */
export async function announceLifted(tx: Tx, rows: readonly BlockRow[]): Promise<Made> {
  if (rows.length === 0) return { rows: [], seq: 0 };
  const first = await appendChanges(
    tx,
    'block',
    rows.map((row) => blockSnapshot(row, false)),
  );
  await setLiftSeqs(
    tx,
    rows.map(({ id }) => id),
    first,
  );
  return {
    rows: rows.map((row, index) => ({ ...row, liftSeq: first + index })),
    seq: first + rows.length - 1,
  };
}

const placeOf = ({ scope, target, appId, effect }: Decision) => `${scope} ${target} ${appId ?? ''} ${effect}`;
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
