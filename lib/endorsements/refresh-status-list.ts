import { createHash } from 'node:crypto';
import { appendChange } from '@/lib/changes';
import type { Database } from '@/lib/db';
import { parseRevocationList } from '@/lib/evidence';
import { type ExchangeAnswer, type ExchangeLimits, exchange } from '@/lib/outbound';
import {
  type Confirmation,
  type DueCheck,
  fileConfirmation,
  fileFailure,
  selectListState,
  takeDueCheck,
} from './store/status-list';

/** Where the list comes from. */
export interface StatusListSource {
  readonly url: string;
  readonly guard: ExchangeLimits['guard'];
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 20_000;
/** The list of 2025 had 50 KB. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Between two checks, whatever the source allows: a revocation should not wait for a day. */
const LEAST_SECONDS = 900;
const MOST_SECONDS = 3_600;
const FIRST_RETRY_SECONDS = 30;

/** Why a check gave no list, besides what an exchange fails with. */
type CheckFailure = 'status_unexpected' | 'list_malformed' | 'list_empty' | 'not_modified_unexpectedly';

/**
 * Asks the source of the list of revoked keys whether it has a new one, if that is due: conditionally, within bounds, and
 * only where the guard allows. What is not a well-formed list with entries replaces nothing. Every answer reaches the
 * nodes by the change feed. Any number of processes may do this. Returns whether it asked.
 */
export async function refreshStatusList(db: Database, source: StatusListSource): Promise<boolean> {
  const due = await takeDueCheck(db, source.url);
  if (due === undefined) return false;
  const outcome = await check(due, source);
  if (typeof outcome === 'string') {
    const nextInSeconds = Math.min(FIRST_RETRY_SECONDS * 2 ** Math.min(due.attempts, 10), MOST_SECONDS);
    await fileFailure(db.orm, { source: source.url, error: outcome, nextInSeconds });
    return true;
  }
  await db.orm.transaction(async (tx) => {
    await fileConfirmation(tx, outcome);
    await appendChange(tx, 'status_list', await selectListState(tx));
  });
  return true;
}

/** What the source says, or why it says nothing that can be used. */
async function check(
  due: DueCheck,
  { url, guard, timeoutMs }: StatusListSource,
): Promise<Confirmation | string> {
  // What is held is of this source, or its validators mean nothing there.
  const isHeld = due.source === url && due.digest !== null;
  const answer = await exchange(
    { url, method: 'GET', headers: { Accept: 'application/json', ...(isHeld ? conditions(due) : {}) } },
    { guard, timeoutMs: timeoutMs ?? TIMEOUT_MS, mostBytes: MOST_BYTES },
  );
  if (!answer.ok) return answer.code;
  if (answer.status === 304) {
    if (!isHeld) return 'not_modified_unexpectedly' satisfies CheckFailure;
    return {
      source: url,
      etag: due.etag,
      lastModified: due.lastModified,
      list: null,
      nextInSeconds: pause(answer),
    };
  }
  return answer.status === 200 ? readList(due, url, answer) : ('status_unexpected' satisfies CheckFailure);
}

function conditions({ etag, lastModified }: DueCheck): Record<string, string> {
  return {
    ...(etag === null ? {} : { 'If-None-Match': etag }),
    ...(lastModified === null ? {} : { 'If-Modified-Since': lastModified }),
  };
}

function readList(due: DueCheck, url: string, answer: ExchangeAnswer): Confirmation | CheckFailure {
  const { body, headers } = answer;
  const parsed = parseRevocationList(body, due.nowMs);
  if (parsed === undefined) return 'list_malformed';
  // A list that revokes nothing at all is somebody's mistake, or somebody's wish.
  if (parsed.entries.size === 0) return 'list_empty';
  const digest = createHash('sha256').update(body).digest('hex');
  return {
    source: url,
    etag: headers.etag ?? null,
    lastModified: headers['last-modified'] ?? null,
    list: digest === due.digest ? null : { body, digest, entries: parsed.entries.size },
    nextInSeconds: pause(answer),
  };
}

const MAX_AGE = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/;

/** Seconds until the next check: what the source allows, within our own bounds. */
function pause({ headers }: ExchangeAnswer): number {
  const stated = MAX_AGE.exec(headers['cache-control'] ?? '')?.[1];
  return Math.min(
    MOST_SECONDS,
    Math.max(LEAST_SECONDS, stated === undefined ? MOST_SECONDS : Number(stated)),
  );
}
