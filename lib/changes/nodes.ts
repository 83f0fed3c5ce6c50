import { asc, sql } from 'drizzle-orm';
import { serviceNodes } from '@/drizzle/schema';
import { requireSomewhere, type VerbContext } from '@/lib/auth';
import type { NodesView, PropagationView } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { Executor } from '@/lib/db';
import { readFeedPosition, readPropagation, seenWithin } from './read';
import { ALIVE_SECONDS, FORGET_NODES_AFTER_MINUTES } from './silence';
import { propagationView } from './view';

/** The service's nodes that were heard of lately, and where the change feed stands. */
export async function readNodes(db: Executor, replicaLagMs: number | null = null): Promise<NodesView> {
  const head = await readFeedPosition(db);
  const rows = await db
    .select({
      id: serviceNodes.id,
      version: serviceNodes.version,
      startedAt: serviceNodes.startedAt,
      lastSeenAt: serviceNodes.lastSeenAt,
      appliedSeq: serviceNodes.appliedSeq,
      clockSkewMs: serviceNodes.clockSkewMs,
      unsupportedPolicies: sql<number>`jsonb_array_length(${serviceNodes.unsupportedPolicies})`,
      alive: seenWithin(ALIVE_SECONDS),
    })
    .from(serviceNodes)
    .where(sql`${serviceNodes.stoppedAt} is null and ${seenWithin(FORGET_NODES_AFTER_MINUTES * 60)}`)
    .orderBy(asc(serviceNodes.id));
  const [newest] = await readPropagation(db, [head.seq], false);
  const view = newest && propagationView(newest);
  return {
    headSeq: head.seq,
    nodes: rows.map((row) => ({
      ...row,
      startedAt: row.startedAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
    })),
    lastPropagationMs: view?.enforced ? view.slowestMs : null,
    replicaLagMs,
  };
}

/** How far the given changes got. A change that never was has no entry. */
export async function readPropagationViews(
  db: Executor,
  seqs: readonly number[],
): Promise<PropagationView[]> {
  return (await readPropagation(db, seqs)).map(propagationView);
}

/** The service's nodes. @throws AppError `permission_denied` */
export async function viewNodes({ db, actor, replica }: VerbContext): Promise<NodesView> {
  requireSomewhere(actor, 'nodes.read');
  return readNodes(db.orm, replica?.lagMs ?? null);
}

/** How far one change got on each node. @throws AppError `permission_denied`, `change_not_found` */
export async function viewPropagation(
  { db, actor }: VerbContext,
  input: { seq: number },
): Promise<PropagationView> {
  requireSomewhere(actor, 'nodes.read');
  const [view] = await readPropagationViews(db.orm, [input.seq]);
  if (!view) throw new AppError('change_not_found');
  return view;
}
