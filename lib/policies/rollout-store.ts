import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { policyRollouts } from '@/drizzle/schema';
import {
  type Guardrail,
  type GuardrailFigures,
  guardrailFiguresSchema,
  guardrailSchema,
  type RolloutPlan,
  type RolloutShadow,
  rolloutPlanSchema,
} from '@/lib/contracts';
import type { Database, Executor, Tx } from '@/lib/db';

type Stored = typeof policyRollouts.$inferSelect;

/** A rollout as stored, parsed. */
export interface RolloutRow extends Omit<Stored, 'plan' | 'guardrail' | 'figures'> {
  plan: RolloutPlan;
  guardrail: Guardrail;
  figures: GuardrailFigures | null;
}

function parsed(row: Stored): RolloutRow {
  return {
    ...row,
    plan: rolloutPlanSchema.parse(row.plan),
    guardrail: guardrailSchema.parse(row.guardrail),
    figures: row.figures === null ? null : guardrailFiguresSchema.parse(row.figures),
  };
}

/** The rollout of an app that is open, if one is. */
export async function findOpenRollout(db: Executor, appId: string): Promise<RolloutRow | undefined> {
  const [row] = await db
    .select()
    .from(policyRollouts)
    .where(and(eq(policyRollouts.appId, appId), eq(policyRollouts.state, 'open')));
  return row && parsed(row);
}

export async function findRollout(db: Executor, id: string): Promise<RolloutRow | undefined> {
  const [row] = await db.select().from(policyRollouts).where(eq(policyRollouts.id, id));
  return row && parsed(row);
}

/** Rollouts of an app, newest first. */
export async function listRollouts(db: Executor, appId: string, limit: number): Promise<RolloutRow[]> {
  const rows = await db
    .select()
    .from(policyRollouts)
    .where(eq(policyRollouts.appId, appId))
    .orderBy(desc(policyRollouts.startedAt), desc(policyRollouts.id))
    .limit(limit);
  return rows.map(parsed);
}

/** Every open rollout, the one that was looked at longest ago first. */
export async function listOpenRollouts(db: Executor): Promise<RolloutRow[]> {
  const rows = await db
    .select()
    .from(policyRollouts)
    .where(eq(policyRollouts.state, 'open'))
    .orderBy(asc(sql`coalesce(${policyRollouts.checkedAt}, ${policyRollouts.startedAt})`));
  return rows.map(parsed);
}

export async function insertRollout(tx: Tx, row: RolloutRow): Promise<void> {
  await tx.insert(policyRollouts).values(row);
}

/** What a step may change. */
export type RolloutChange = Partial<
  Pick<
    RolloutRow,
    | 'state'
    | 'stage'
    | 'stageSince'
    | 'nextStageAt'
    | 'endedAt'
    | 'endedByName'
    | 'endReason'
    | 'figures'
    | 'checkedAt'
    | 'seq'
  >
>;

/** Changes a rollout whose app is locked. */
export async function updateRollout(db: Executor, id: string, change: RolloutChange): Promise<void> {
  await db.update(policyRollouts).set(change).where(eq(policyRollouts.id, id));
}

/** Newest attestations of a stage that the guardrail looks at: enough to tell, and the same effort at any size. */
const MOST_EVENTS = 100_000;

/** Devices and rejections of both groups, since a stage began. */
export async function countGroups(
  { sql: query }: Pick<Database, 'sql'>,
  { appId, version, baseVersion, stage, stageSince }: RolloutRow,
): Promise<{ candidate: Group; control: Group }> {
  // While it only observes, both groups are the same devices: what was said of them, and what would have been.
  const isObserved = stage === 'observe';
  const [row] = await query<
    Record<'candidates' | 'candidateRejected' | 'controls' | 'controlRejected', number>[]
  >`
    with newest as (
      select instance_id, policy_version, verdict, shadow_verdict from attestation_events
      where app_id = ${appId} and received_at >= ${stageSince.toISOString()}::timestamptz
      order by received_at desc nulls last, id desc nulls last limit ${MOST_EVENTS}
    ), devices as (
      select instance_id, policy_version, bool_or(verdict = 'rejected') as rejected,
        bool_or(shadow_verdict = 'rejected') as shadow_rejected
      from newest
      where instance_id is not null and shadow_verdict is not null and policy_version in (${version}, ${baseVersion})
      group by 1, 2
    )
    select count(*) filter (where policy_version = ${version})::int as candidates,
      count(*) filter (where policy_version = ${version} and rejected)::int as "candidateRejected",
      count(*) filter (where policy_version = ${baseVersion})::int as controls,
      count(*) filter (where policy_version = ${baseVersion} and rejected)::int as "controlRejected",
      count(*) filter (where policy_version = ${baseVersion} and shadow_rejected)::int as "shadowRejected"
    from devices`;
  const counts = row as (typeof row & { shadowRejected: number }) | undefined;
  const control = { devices: counts?.controls ?? 0, rejected: counts?.controlRejected ?? 0 };
  return {
    control,
    candidate: isObserved
      ? { devices: control.devices, rejected: counts?.shadowRejected ?? 0 }
      : { devices: counts?.candidates ?? 0, rejected: counts?.candidateRejected ?? 0 },
  };
}

/**
 * What both versions said of the newest attestations of a stage, by the verdict of the version in force and that of the new
 * one. Attestations of another version than these two, or without the other's verdict, tell nothing.
 */
export async function countTransitions(
  { sql: query }: Pick<Database, 'sql'>,
  { appId, version, baseVersion, stageSince }: RolloutRow,
): Promise<RolloutShadow['transitions']> {
  const rows = await query<RolloutShadow['transitions']>`
    with newest as (
      select instance_id, policy_version, verdict, shadow_verdict from attestation_events
      where app_id = ${appId} and received_at >= ${stageSince.toISOString()}::timestamptz
      order by received_at desc nulls last, id desc nulls last limit ${MOST_EVENTS}
    )
    select case when policy_version = ${version} then shadow_verdict else verdict end as "from",
      case when policy_version = ${version} then verdict else shadow_verdict end as "to",
      count(*)::int as attestations, count(distinct instance_id)::int as devices
    from newest where shadow_verdict is not null and policy_version in (${version}, ${baseVersion})
    group by 1, 2 order by 3 desc, 1, 2`;
  return [...rows];
}

/** Devices of one group. */
export type Group = GuardrailFigures['candidate'];
