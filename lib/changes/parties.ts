import { sql } from 'drizzle-orm';
import { type PartiesProgress, type PartyProgress, REVOKING_TOPICS } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { DUE_SECONDS, FORGET_NODES_AFTER_MINUTES } from './silence';

/** Relying parties that a proof lists; those that lag come first. */
const MOST_LISTED = 50;

interface ProgressRow extends Record<string, unknown> {
  id: string;
  name: string;
  replica: string | null;
  seen_at: string | null;
  state: PartyProgress['state'];
  latency_ms: number | null;
  applied: number;
  due: number;
  away: number;
  slowest_ms: number | null;
}

/**
 * How far a change got with the relying parties that verify locally, by what each process of theirs has said; `null` where
 * none is registered. A process that was silent for ten minutes is forgotten where another one of its relying party was
 * heard of since.
 */
export async function readPartiesProgress(
  db: Executor,
  change: { seq: number; topic: string; committedAt: Date },
): Promise<PartiesProgress | null> {
  const told = (REVOKING_TOPICS as ReadonlySet<string>).has(change.topic);
  const rows = await db.execute<ProgressRow>(sql`
    with present as (
      select p.id, p.name, r.replica, r.last_seen_at, r.epoch = f.epoch and r.applied_seq >= ${change.seq} as has_it,
        r.last_seen_at > clock_timestamp() - make_interval(secs => ${DUE_SECONDS}) as is_due, r.step_seqs, r.step_ats
      from relying_parties p
      cross join change_feed f
      left join lateral (
        select * from (
          select *, max(last_seen_at) over () as newest from relying_party_replicas where party_id = p.id
        ) each
        where last_seen_at = newest
          or last_seen_at > clock_timestamp() - make_interval(mins => ${FORGET_NODES_AFTER_MINUTES})
      ) r on true
      where p.removed_at is null
    ), judged as (
      select id, name, replica, last_seen_at,
        case when has_it then 'applied' when is_due then 'pending' else 'away' end as state,
        coalesce(is_due, false) as is_due,
        case when has_it and step.place > 1 then greatest(0, round(extract(epoch from
          step_ats[step.place] - ${change.committedAt.toISOString()}::timestamptz) * 1000))::float8 end as latency_ms
      from present
      left join lateral (
        select min(s.place)::int as place from unnest(step_seqs) with ordinality as s (seq, place)
        where s.seq >= ${change.seq}
      ) step on true
    )
    select id, name, replica, state, latency_ms,
      to_char(last_seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as seen_at,
      (count(*) filter (where is_due and state = 'applied') over ())::int as applied,
      (count(*) filter (where is_due) over ())::int as due,
      (count(*) filter (where not is_due) over ())::int as away,
      max(latency_ms) over () as slowest_ms
    from judged
    order by case state when 'pending' then 0 when 'away' then 1 else 2 end, latency_ms desc nulls last, name, replica
    limit ${MOST_LISTED}`);
  const [first] = rows;
  if (first === undefined) return null;
  return {
    told,
    applied: told ? first.applied : 0,
    due: first.due,
    away: first.away,
    slowestMs: told ? first.slowest_ms : null,
    listed: rows.map(({ id, name, replica, state, latency_ms, seen_at }) => ({
      partyId: id,
      ...{ name, replica, state },
      latencyMs: told ? latency_ms : null,
      lastSeenAt: seen_at,
    })),
  };
}
