import { type SQL, sql } from 'drizzle-orm';
import { NEVER_COUNTED } from '@/lib/contracts';
import type { Executor, Tx } from '@/lib/db';
import { OFFENCE_DAYS } from './escalation';
import type { RuleRow } from './rule-store';

/** What decides whom a rule concerns. */
export type RuleTerms = Pick<RuleRow, 'appId' | 'subject' | 'threats' | 'refusals' | 'windowSeconds'>;

/** For how long devices are looked back upon where shares of them count. */
const DAY_SECONDS = 86_400;

const when = (at: Date) => sql`${at.toISOString()}::timestamptz`;
const secondsBefore = (now: Date, seconds: number) => when(new Date(now.getTime() - seconds * 1000));

/**
 * Refusals that count, since so many seconds ago: of a device whose own key vouched for what was found. What somebody else
 * can send in its name (a forged or a repeated message) counts against nobody.
 */
function refusals({ appId, subject, threats }: RuleTerms, now: Date, seconds: number): SQL {
  const decided =
    threats.length > 0 ? sql`e.deciding_threat = any(${sql.param([...threats])}::text[])` : sql`true`;
  const ofDevice = sql`
    from attestation_events e
    ${subject === 'hardware' ? sql`join device_instances d on d.id = e.instance_id` : sql``}
    where e.app_id = ${appId} and e.verdict = 'rejected' and e.instance_id is not null
      and e.received_at > ${secondsBefore(now, seconds)} and e.received_at <= ${when(now)}
      and ${decided} and not e.threats && ${sql.param([...NEVER_COUNTED])}::text[]
      and e.detail->>'evidenceCode' is null`;
  return subject === 'hardware'
    ? sql`select d.claims->>'attestationKey' as target, e.received_at ${ofDevice}
        and d.claims->>'attestationKey' is not null`
    : sql`select e.instance_id::text as target, e.received_at ${ofDevice}`;
}

/** Somebody whom a rule concerns, how often they were refused, and how often they were blocked before. */
export interface Candidate {
  target: string;
  refusals: number;
  offences: number;
}

/**
 * Whom a rule concerns now, at most so many. Only refusals count that came after the last block of the same kind had ended,
 * so that nobody is blocked twice for the same ones, or again for those that a person forgave. Who is on the allowlist is
 * left out, and who is blocked already.
 */
export async function findCandidates(
  tx: Tx,
  rule: RuleTerms & Pick<RuleRow, 'effect'>,
  now: Date,
  most: number,
): Promise<Candidate[]> {
  const { appId, subject, effect, refusals: needed } = rule;
  const rows = await tx.execute<Candidate & Record<string, unknown>>(sql`
    with frequent as (
      select target, array_agg(received_at) as times from (${refusals(rule, now, rule.windowSeconds)}) refused
      group by target having count(*) >= ${needed}
    )
    select f.target, fresh.refusals, past.offences
    from frequent f
    cross join lateral (
      select count(*) filter (where b.created_at > ${secondsBefore(now, OFFENCE_DAYS * DAY_SECONDS)})::int as offences,
        max(least(coalesce(b.lifted_at, 'infinity'), coalesce(b.expires_at, 'infinity'))) as ended_at
      from blocks b
      where b.target = f.target and b.scope = ${subject} and b.effect = ${effect}
        and (b.app_id is null or b.app_id = ${appId})
    ) past
    cross join lateral (
      select count(*)::int as refusals from unnest(f.times) t where t > coalesce(past.ended_at, '-infinity')
    ) fresh
    where fresh.refusals >= ${needed} and not exists (
      select from blocks a
      where a.target = f.target and a.scope = ${subject} and a.effect = 'allow' and a.lifted_at is null
        and a.expires_at > ${when(now)} and (a.app_id is null or a.app_id = ${appId}))
    order by f.target limit ${most}`);
  return rows.map(({ target, refusals: count, offences }) => ({ target, refusals: count, offences }));
}

/** Devices of an app, seen within a day, that one of these attestation keys certified. */
export async function countCertified(
  tx: Tx,
  appId: string,
  keys: readonly string[],
  now: Date,
): Promise<number> {
  const [row] = await tx.execute<{ devices: number }>(sql`
    select count(*)::int as devices from device_instances d
    where d.app_id = ${appId} and d.listed_at > ${secondsBefore(now, DAY_SECONDS)}
      and d.claims->>'attestationKey' = any(${sql.param([...keys])}::text[])`);
  return row?.devices ?? 0;
}

/** What a rule has blocked within a day. */
export async function targetsMade(tx: Tx, ruleId: string, now: Date): Promise<string[]> {
  const rows = await tx.execute<{ target: string }>(sql`
    select distinct target from blocks
    where origin = 'rule' and created_by = ${ruleId} and created_at > ${secondsBefore(now, DAY_SECONDS)}`);
  return rows.map(({ target }) => target);
}

/** Devices of an app that were seen within a day, counted up to `enough`: beyond it makes no difference. */
export async function countSeen(db: Executor, appId: string, now: Date, enough: number): Promise<number> {
  const [row] = await db.execute<{ seen: number }>(sql`
    select count(*)::int as seen from (
      select from device_instances where app_id = ${appId} and listed_at > ${secondsBefore(now, DAY_SECONDS)}
      limit ${enough}) counted`);
  return row?.seen ?? 0;
}

/** How many a rule would have concerned at some moment of the last 24 h. */
export async function countPast(tx: Tx, terms: RuleTerms, now: Date): Promise<number> {
  const [row] = await tx.execute<{ targets: number }>(sql`
    select count(distinct target)::int as targets from (
      select target, received_at,
        lag(received_at, ${terms.refusals - 1}::int) over (partition by target order by received_at) as first_at
      from (${refusals(terms, now, DAY_SECONDS)}) refused
    ) runs
    where first_at > received_at - make_interval(secs => ${terms.windowSeconds})`);
  return row?.targets ?? 0;
}

/** After which looking is given up. */
const PATIENCE_MS = 5_000;

/** Bounds every statement that follows in the transaction. */
export async function limitPatience(tx: Tx): Promise<void> {
  await tx.execute(sql`set local statement_timeout = ${sql.raw(String(PATIENCE_MS))}`);
}
