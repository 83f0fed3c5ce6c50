import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { changeAcks, changeFeed, changeLog, serviceNodes } from '@/drizzle/schema';
import { CHANGE_TOPICS, type Change, type ChangeTopic, type PartiesProgress } from '@/lib/contracts';
import type { Database, Executor } from '@/lib/db';
import { readPartiesProgress } from './parties';
import { ALIVE_SECONDS, DUE_SECONDS, FORGET_NODES_AFTER_MINUTES } from './silence';

/** Where the feed stands, and what the database's clock says (milliseconds since the epoch). */
export interface FeedPosition {
  epoch: string;
  seq: number;
  /**
   * When the change at `seq` was made, to the microsecond; `null` where there is none. After a restore another change may
   * stand at the same place under the same epoch: this tells them apart.
   */
  mark: string | null;
  databaseNowMs: number;
}

const MARK = sql<string | null>`extract(epoch from ${changeLog.committedAt})::text`;

/** Reads the head of the feed. */
export async function readFeedPosition(db: Executor): Promise<FeedPosition> {
  const [row] = await db
    .select({
      epoch: changeFeed.epoch,
      seq: changeFeed.seq,
      mark: MARK,
      databaseNowMs: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8`,
    })
    .from(changeFeed)
    .leftJoin(changeLog, and(eq(changeLog.seq, changeFeed.seq), eq(changeLog.epoch, changeFeed.epoch)))
    .where(eq(changeFeed.id, 1));
  if (!row) throw new Error('The change feed has no counter row.');
  return row;
}

/**
 * What reading on from a position found: the next changes in order, with the mark of where they end, or that the reader
 * must start over.
 */
export type FeedPage =
  | { kind: 'changes'; changes: Change[]; mark: string | null }
  | { kind: 'reload'; why: string };

/**
 * Reads up to `limit` changes after `afterSeq`. Answers `reload` where the epoch differs, the feed is behind the
 * reader, a `seq` is missing, a payload is not one that this build understands, or the change at `afterSeq` is not the
 * one whose `mark` the reader gives: the feed was restored then, and has come past it with other changes.
 */
export async function readChanges(
  db: Pick<Database, 'sql'>,
  epoch: string,
  afterSeq: number,
  limit = 1000,
  mark?: string | null,
): Promise<FeedPage> {
  const { head, rows } = await readOn(db, epoch, afterSeq, limit);
  if (head.epoch !== epoch) return { kind: 'reload', why: 'the feed has a new epoch' };
  if (head.seq < afterSeq) return { kind: 'reload', why: 'the feed is behind this reader' };
  const own = rows.find((row) => row.seq === afterSeq)?.mark ?? null;
  if (mark !== undefined && mark !== own) {
    return { kind: 'reload', why: `change ${afterSeq} is not the one that this reader knows` };
  }
  return head.seq === afterSeq ? { kind: 'changes', changes: [], mark: own } : pageOf(rows, afterSeq);
}

interface ChangeRow {
  seq: number;
  topic: string;
  payload: unknown;
  mark: string | null;
}

/**
 * Where the feed stands, with the change at `afterSeq`, of which only the mark is read, and up to `limit` of those after it:
 * in one statement, which is one view of both. Every node asks it at every change, so that it is prepared: one exchange,
 * and no planning.
 */
async function readOn(
  { sql: query }: Pick<Database, 'sql'>,
  epoch: string,
  afterSeq: number,
  limit: number,
): Promise<{ head: Pick<FeedPosition, 'epoch' | 'seq'>; rows: ChangeRow[] }> {
  const found = await query<FoundChange[]>`
    select f.epoch, f.seq::float8 as head, l.seq::float8 as seq, l.topic,
      case when l.seq > ${afterSeq} then l.payload end as payload, extract(epoch from l.committed_at)::text as mark
    from change_feed f
    left join change_log l on l.seq between ${afterSeq} and f.seq and l.epoch = ${epoch}
    where f.id = 1
    order by l.seq
    limit ${limit + 1}`;
  const [first] = found;
  if (!first) throw new Error('The change feed has no counter row.');
  return {
    head: { epoch: first.epoch, seq: first.head },
    rows: found.flatMap(({ seq, topic, payload, mark }) =>
      seq === null || topic === null ? [] : { seq, topic, payload, mark },
    ),
  };
}

interface FoundChange extends Pick<ChangeRow, 'payload' | 'mark'> {
  epoch: string;
  head: number;
  /** `null` where there is no change from there on. */
  seq: number | null;
  topic: string | null;
}

function pageOf(rows: readonly ChangeRow[], afterSeq: number): FeedPage {
  const changes: Change[] = [];
  for (const row of rows.filter(({ seq }) => seq > afterSeq)) {
    if (row.seq !== afterSeq + changes.length + 1)
      return { kind: 'reload', why: `change ${row.seq} follows a gap` };
    const change = parseChange(row);
    if (!change) return { kind: 'reload', why: `change ${row.seq} is not understood` };
    changes.push(change);
  }
  if (changes.length === 0) return { kind: 'reload', why: `change ${afterSeq + 1} is missing` };
  return { kind: 'changes', changes, mark: rows.at(-1)?.mark ?? null };
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
  /** Whether that was measured: a node that started later held the change from its first moment. */
  measured: boolean;
  /** Whether the node was heard of within the last `ALIVE_SECONDS`. */
  alive: boolean;
  /** Whether it may still let requests through by what it knew: heard of within the last `DUE_SECONDS`. */
  due: boolean;
}

/** State of one change on every node that has not been stopped in an orderly way. */
export interface Propagation {
  seq: number;
  committedAt: Date;
  nodes: NodePropagation[];
  /** The relying parties that verify locally; `null` where none is registered. */
  parties: PartiesProgress | null;
}

/**
 * How far the given changes have travelled. A change that never was has no entry. Relying parties may be many, and are left
 * out for who asks about nodes.
 */
export async function readPropagation(
  db: Executor,
  seqs: readonly number[],
  withParties = true,
): Promise<Propagation[]> {
  if (seqs.length === 0) return [];
  const changes = await db
    .select({ seq: changeLog.seq, topic: changeLog.topic, committedAt: changeLog.committedAt })
    .from(changeLog)
    .where(inArray(changeLog.seq, [...seqs]));
  const nodes = await db
    .select({
      id: serviceNodes.id,
      lastSeenAt: serviceNodes.lastSeenAt,
      startedAt: serviceNodes.startedAt,
      appliedSeq: serviceNodes.appliedSeq,
      alive: seenWithin(ALIVE_SECONDS),
      due: seenWithin(DUE_SECONDS),
    })
    .from(serviceNodes)
    .where(sql`${serviceNodes.stoppedAt} is null and ${seenWithin(FORGET_NODES_AFTER_MINUTES * 60)}`)
    .orderBy(asc(serviceNodes.id));
  return Promise.all(
    changes.map(async (change) => {
      const acks = await firstAcks(db, change.seq);
      return {
        seq: change.seq,
        committedAt: change.committedAt,
        nodes: nodes.map(({ id, lastSeenAt, alive, due, ...node }) => ({
          nodeId: id,
          ...progressOf(change, acks.get(id), node),
          lastSeenAt,
          alive,
          due,
        })),
        parties: withParties ? await readPartiesProgress(db, change) : null,
      };
    }),
  );
}

/** Whether a node was heard of within so many seconds. */
export function seenWithin(seconds: number) {
  return sql<boolean>`${serviceNodes.lastSeenAt} > clock_timestamp() - make_interval(secs => ${seconds})`;
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

function progressOf(
  change: { seq: number; committedAt: Date },
  appliedAt: Date | undefined,
  node: { appliedSeq: number; startedAt: Date },
): { latencyMs: number | null; measured: boolean } {
  // A node that started after the commit held the change from its first moment: what it acknowledged since then was
  // something later.
  const heldFromStart = node.startedAt > change.committedAt;
  if (appliedAt && !(heldFromStart && appliedAt > node.startedAt)) {
    return { latencyMs: Math.max(0, appliedAt.getTime() - change.committedAt.getTime()), measured: true };
  }
  return { latencyMs: node.appliedSeq >= change.seq ? 0 : null, measured: false };
}
