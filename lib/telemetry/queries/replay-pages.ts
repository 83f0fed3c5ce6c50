import { sql } from 'drizzle-orm';
import type { VerbContext } from '@/lib/auth';
import { readsUntil } from './reads';

/** Attestations of one app, newest first: all of a span of time, or the newest `most` of it. */
export interface ReplayScope {
  readonly appId: string;
  readonly fromMs: number;
  /** Not included. */
  readonly toMs: number;
  readonly most: number;
}

/**
 * A page as one text: rows end with `\u001e`. A row begins with fields of fixed width (`REPLAY_ROW`); then come platform, OS
 * version, app version, model, country and kind of network, each after a `\u001f`, and last the facts. One text costs a
 * tenth of what as many rows with eleven columns do.
 */
export interface ReplayPage {
  readonly text: string;
  readonly rows: number;
}

/** Offsets of the fixed fields of a row: ids as text (an absent device is `NO_DEVICE`), milliseconds, reference. */
export const REPLAY_ROW = { id: 0, instanceId: 36, receivedAtMs: 72, reference: 85, rest: 94 } as const;
export const NO_DEVICE = '-'.repeat(36);

const PAGE = 10_000;

interface PageRow extends Record<string, unknown> {
  text: string | null;
  rows: number;
  last_at: string | null;
  last_id: string | null;
}

/** Pages of a scope, each read when the one before was taken, until `signal` aborts. */
export async function* readReplayPages(
  ctx: Pick<VerbContext, 'db' | 'replica'>,
  { appId, fromMs, toMs, most }: ReplayScope,
  signal: AbortSignal,
): AsyncGenerator<ReplayPage> {
  const db = readsUntil(signal, ctx);
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  let after = sql`true`;
  for (let left = most; left > 0; ) {
    const limit = Math.min(PAGE, left);
    const [page] = await db.execute<PageRow>(sql`
      with newest as materialized (
        select id, instance_id, received_at, reference, platform, os_version, app_version, model, country, network_kind,
          facts
        from attestation_events
        where app_id = ${appId} and received_at >= ${from}::timestamptz and received_at < ${to}::timestamptz and ${after}
        order by received_at desc nulls last, id desc nulls last limit ${limit}
      ), last as (
        select received_at, id from newest order by received_at, id limit 1
      )
      select string_agg(concat(id, coalesce(instance_id::text, ${NO_DEVICE}),
          lpad((extract(epoch from received_at) * 1000)::bigint::text, 13, '0'), rpad(reference, 9),
          E'\\x1f', platform, E'\\x1f', ${plain('os_version')}, E'\\x1f', ${plain('app_version')}, E'\\x1f',
          ${plain('model')}, E'\\x1f', country, E'\\x1f', network_kind, E'\\x1f', facts), E'\\x1e') as text,
        count(*)::int as rows, (select received_at::text from last) as last_at, (select id::text from last) as last_id
      from newest`);
    if (!page?.text) return;
    yield { text: page.text, rows: page.rows };
    if (page.rows < limit) return;
    left -= page.rows;
    after = sql`(received_at, id) < (${page.last_at}::timestamptz, ${page.last_id}::uuid)`;
  }
}

/** What a device says of itself, without the two characters that part rows and fields. */
function plain(column: string) {
  return sql`translate(${sql.identifier(column)}, E'\\x1e\\x1f', '')`;
}
