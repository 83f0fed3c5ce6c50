import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '@/lib/db';
import type { Affected, Jump, Span } from '../what-changed';
import { EVENT_DIMENSIONS, isInCell } from './cells';
import { instant } from './conditions';

const OUTCOME = 'verdict:';

/**
 * How many devices a jump concerns, counted from the events themselves. Where the evidence did not show which device
 * it was, addresses are counted in its stead.
 */
export async function readAffected(db: Executor, jump: Jump, span: Span): Promise<Affected> {
  const [row] = await db.execute<{ devices: number; events: number; hosted: number }>(sql`
    select (count(distinct e.instance_id)
        + count(distinct coalesce(e.address_hash, decode(md5(e.id::text), 'hex'))) filter (where e.instance_id is null)
      )::int as devices,
      count(*)::int as events,
      count(*) filter (where e.network_kind in ('hosting', 'anonymiser'))::int as hosted
    from attestation_events e
    where e.app_id = ${jump.appId} and e.received_at >= ${instant(span.fromMs)}
      and e.received_at < ${instant(span.toMs)}
      and ${hasSignal(jump.signal)} and ${isInCell(EVENT_DIMENSIONS, jump.cell)}`);
  return { devices: 0, events: 0, hosted: 0, ...row, sinceMs: span.fromMs };
}

/** As the cells are counted: a threat that was found or decided by, or an outcome. */
function hasSignal(signal: string): SQL {
  return signal.startsWith(OUTCOME)
    ? sql`e.verdict = ${signal.slice(OUTCOME.length)}`
    : sql`(${signal} = any(e.threats) or e.deciding_threat = ${signal})`;
}
