import { and, asc, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import { changeAcks, changeFeed, changeLog, serviceNodes } from '@/drizzle/schema';
import { CHANGE_TOPICS, type Change, type ChangeTopic } from '@/lib/contracts';
import type { Executor } from '@/lib/db';

/** Where the feed stands, and what the database's clock says (milliseconds since the epoch). */
export interface FeedPosition {
  epoch: string;
  seq: number;
  databaseNowMs: number;
}

/** Reads the head of the feed. */
export async function readFeedPosition(db: Executor): Promise<FeedPosition> {
  const [row] = await db
    .select({
      epoch: changeFeed.epoch,
      seq: changeFeed.seq,
      databaseNowMs: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8`,
    })
    .from(changeFeed)
    .where(eq(changeFeed.id, 1));
  if (!row) throw new Error('The change feed has no counter row.');
  return row;
}

/** What reading on from a position found: the next changes in order, or that the reader must start over. */
export type FeedPage = { kind: 'changes'; changes: Change[] } | { kind: 'reload'; why: string };

/**
 * Reads up to `limit` changes after `afterSeq`. Answers `reload` where the epoch differs, the feed is behind the
 * reader, a `seq` is missing, or a payload is not one that this build understands.
 */
export async function readChanges(
  db: Executor,
  epoch: string,
  afterSeq: number,
  limit = 1000,
): Promise<FeedPage> {
  const head = await readFeedPosition(db);
  if (head.epoch !== epoch) return { kind: 'reload', why: 'the feed has a new epoch' };
  if (head.seq < afterSeq) return { kind: 'reload', why: 'the feed is behind this reader' };
  if (head.seq === afterSeq) return { kind: 'changes', changes: [] };
  const rows = await db
    .select({ seq: changeLog.seq, topic: changeLog.topic, payload: changeLog.payload })
    .from(changeLog)
    .where(and(gt(changeLog.seq, afterSeq), lte(changeLog.seq, head.seq), eq(changeLog.epoch, epoch)))
    .orderBy(asc(changeLog.seq))
    .limit(limit);
  const changes: Change[] = [];
  for (const row of rows) {
    if (row.seq !== afterSeq + changes.length + 1)
      return { kind: 'reload', why: `change ${row.seq} follows a gap` };
    const change = parseChange(row);
    if (!change) return { kind: 'reload', why: `change ${row.seq} is not understood` };
    changes.push(change);
  }
  if (changes.length === 0) return { kind: 'reload', why: `change ${afterSeq + 1} is missing` };
  return { kind: 'changes', changes };
}

function parseChange(row: { seq: number; topic: string; payload: unknown }): Change | undefined {
  if (!(row.topic in CHANGE_TOPICS)) return undefined;
  const topic = row.topic as ChangeTopic;
  const parsed = CHANGE_TOPICS[topic].safeParse(row.payload);
  if (!parsed.success) return undefined;
  // The schema is the one of this topic, so payload and topic belong together.
  return { seq: row.seq, topic, payload: parsed.data } as Change;
}

/** How far one node got with one change. */
export interface NodePropagation {
  nodeId: string;
  /** Milliseconds from the commit to the node's acknowledgement, 0 where it started later; `null` while pending. */
  latencyMs: number | null;
  lastSeenAt: Date;
  /** Whether the node was heard of within the last `ALIVE_SECONDS`. */
  alive: boolean;
}

/** State of one change on every node that has not been stopped in an orderly way. */
export interface Propagation {
  seq: number;
  committedAt: Date;
  nodes: NodePropagation[];
}

/** Nodes speak up once a second; one that misses this many is taken for dead, which the console shows within 5 s. */
export const ALIVE_SECONDS = 4;
/** Nodes that were last heard of longer ago than this are laggards no more, but gone. */
export const FORGET_NODES_AFTER_MINUTES = 10;

/** How far the given changes have travelled. A change that never was has no entry. */
export async function readPropagation(db: Executor, seqs: readonly number[]): Promise<Propagation[]> {
  if (seqs.length === 0) return [];
  const changes = await db
    .select({ seq: changeLog.seq, committedAt: changeLog.committedAt })
    .from(changeLog)
    .where(inArray(changeLog.seq, [...seqs]));
  const nodes = await db
    .select({
      id: serviceNodes.id,
      lastSeenAt: serviceNodes.lastSeenAt,
      startedAt: serviceNodes.startedAt,
      appliedSeq: serviceNodes.appliedSeq,
      alive: sql<boolean>`${serviceNodes.lastSeenAt} > clock_timestamp() - make_interval(secs => ${ALIVE_SECONDS})`,
    })
    .from(serviceNodes)
    .where(
      sql`${serviceNodes.stoppedAt} is null
        and ${serviceNodes.lastSeenAt} > clock_timestamp() - make_interval(mins => ${FORGET_NODES_AFTER_MINUTES})`,
    )
    .orderBy(asc(serviceNodes.id));
  return Promise.all(
    changes.map(async (change) => {
      const acks = await firstAcks(db, change.seq);
      return {
        seq: change.seq,
        committedAt: change.committedAt,
        nodes: nodes.map((node) => ({
          nodeId: node.id,
          latencyMs: latencyOf(change, acks.get(node.id), node),
          lastSeenAt: node.lastSeenAt,
          alive: node.alive,
        })),
      };
    }),
  );
}

/** When each node first acknowledged `seq` or something later. */
async function firstAcks(db: Executor, seq: number): Promise<Map<string, Date>> {
  const rows = await db
    .selectDistinctOn([changeAcks.nodeId], { nodeId: changeAcks.nodeId, appliedAt: changeAcks.appliedAt })
    .from(changeAcks)
    .where(sql`${changeAcks.seq} >= ${seq}`)
    .orderBy(changeAcks.nodeId, asc(changeAcks.seq));
  return new Map(rows.map((row) => [row.nodeId, row.appliedAt]));
}

function latencyOf(
  change: { seq: number; committedAt: Date },
  appliedAt: Date | undefined,
  node: { appliedSeq: number; startedAt: Date },
): number | null {
  // A node that started after the commit held the change from its first moment: what it acknowledged since then was
  // something later.
  const heldFromStart = node.startedAt > change.committedAt;
  if (appliedAt && !(heldFromStart && appliedAt > node.startedAt)) {
    return Math.max(0, appliedAt.getTime() - change.committedAt.getTime());
  }
  return node.appliedSeq >= change.seq ? 0 : null;
}
