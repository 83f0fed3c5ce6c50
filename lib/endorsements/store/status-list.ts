import { eq, getTableColumns, sql } from 'drizzle-orm';
import { statusLists } from '@/drizzle/schema';
import type { StatusListSnapshot } from '@/lib/contracts';
import type { Database, Executor, Tx } from '@/lib/db';

const ID = 'android';
const HOUR_SECONDS = 3_600;
/** For how long a process that has taken a check may take for it; another one takes it over afterwards. */
const LEASE_SECONDS = 120;

const { body: _body, etag: _etag, lastModified: _lastModified, ...SHOWN } = getTableColumns(statusLists);

/** The list without its text. */
export type StatusListRow = Omit<typeof statusLists.$inferSelect, 'body' | 'etag' | 'lastModified'>;

/** What is known of the list. */
export async function readStatusListRow(db: Executor): Promise<StatusListRow> {
  const [row] = await db.select(SHOWN).from(statusLists).where(eq(statusLists.id, ID));
  if (row === undefined) throw new Error('There is no row for the status list.');
  return row;
}

/** The list as nodes obey it, without its text: what travels in the change feed. */
export async function selectListState(db: Executor): Promise<StatusListSnapshot> {
  const { digest, fetchedAt, maxAgeHours } = await readStatusListRow(db);
  return {
    digest,
    fetchedAtMs: fetchedAt?.getTime() ?? null,
    maxAgeSeconds: maxAgeHours === null ? null : maxAgeHours * HOUR_SECONDS,
    list: null,
  };
}

/** The same with its text, where another one than `knownDigest` is there. For the service: the console may not read it. */
export async function selectStatusList(
  db: Executor,
  knownDigest: string | null,
): Promise<StatusListSnapshot> {
  // In one statement: the text and what is said of it belong together.
  const [row] = await db
    .select({
      ...SHOWN,
      body: sql<Buffer | null>`case when ${statusLists.digest} is distinct from ${knownDigest}::text then ${statusLists.body} end`,
    })
    .from(statusLists)
    .where(eq(statusLists.id, ID));
  if (row === undefined) throw new Error('There is no row for the status list.');
  return {
    digest: row.digest,
    fetchedAtMs: row.fetchedAt?.getTime() ?? null,
    maxAgeSeconds: row.maxAgeHours === null ? null : row.maxAgeHours * HOUR_SECONDS,
    list: row.body?.toString('utf8') ?? null,
  };
}

/** A check that is due, and what the source may be asked by. */
export interface DueCheck {
  readonly attempts: number;
  readonly digest: string | null;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly source: string | null;
  /** The database's clock, in milliseconds. */
  readonly nowMs: number;
}

/** Takes the check if it is due, or if its source has changed; of several processes one does. */
export async function takeDueCheck({ sql: query }: Database, source: string): Promise<DueCheck | undefined> {
  const [row] = await query<DueCheck[]>`
    update status_lists set next_check_at = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'
    where id = ${ID} and (next_check_at <= clock_timestamp()
      or (source is distinct from ${source} and checked_at < clock_timestamp() - interval '1 minute'))
    returning attempts, digest, etag, last_modified as "lastModified", source,
      (extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs"`;
  return row;
}

/** A text that is new, or the first. */
export interface NewList {
  readonly body: Buffer;
  readonly digest: string;
  readonly entries: number;
}

/** What the source said. */
export interface Confirmation {
  readonly source: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly nextInSeconds: number;
  /** `null` where the text is the one that is held. */
  readonly list: NewList | null;
}

/** Files an answer: the text where it is new, and in any case that it is the current one. */
export async function fileConfirmation(
  tx: Tx,
  { list, nextInSeconds, ...rest }: Confirmation,
): Promise<void> {
  await tx
    .update(statusLists)
    .set({
      ...rest,
      ...(list === null
        ? {}
        : {
            ...list,
            previousEntries: sql`case when ${statusLists.digest} is null then null else ${statusLists.entries} end`,
            changedAt: sql`clock_timestamp()`,
          }),
      fetchedAt: sql`clock_timestamp()`,
      checkedAt: sql`clock_timestamp()`,
      nextCheckAt: sql`clock_timestamp() + ${nextInSeconds} * interval '1 second'`,
      attempts: 0,
      lastError: null,
    })
    .where(eq(statusLists.id, ID));
}

/** Files that the source could not be read; what is held stays, and grows older. */
export async function fileFailure(
  db: Executor,
  failure: { source: string; error: string; nextInSeconds: number },
): Promise<void> {
  await db
    .update(statusLists)
    .set({
      source: failure.source,
      lastError: failure.error,
      attempts: sql`${statusLists.attempts} + 1`,
      checkedAt: sql`clock_timestamp()`,
      nextCheckAt: sql`clock_timestamp() + ${failure.nextInSeconds} * interval '1 second'`,
    })
    .where(eq(statusLists.id, ID));
}

/** Sets how old the list may be; returns what it was. */
export async function updateMaxAge(tx: Tx, maxAgeHours: number | null): Promise<number | null> {
  const [before] = await tx
    .select({ maxAgeHours: statusLists.maxAgeHours })
    .from(statusLists)
    .where(eq(statusLists.id, ID))
    .for('update');
  await tx.update(statusLists).set({ maxAgeHours }).where(eq(statusLists.id, ID));
  return before?.maxAgeHours ?? null;
}

/** Makes the check due now. */
export async function askForCheck(tx: Tx): Promise<void> {
  await tx.update(statusLists).set({ nextCheckAt: sql`clock_timestamp()` }).where(eq(statusLists.id, ID));
}
