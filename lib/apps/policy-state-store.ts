import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { policyRollouts, policyVersions, signalQuarantines } from '@/drizzle/schema';
import { type AppSnapshot, conditionSchema, type RolloutStage } from '@/lib/contracts';
import type { Executor } from '@/lib/db';

/** The part of an app's snapshot that rollouts and quarantines make. `candidate` is unparsed. */
export interface StoredPolicyState {
  readonly candidate: { rolloutId: string; version: number; policy: unknown; percent: number } | null;
  readonly quarantines: AppSnapshot['quarantines'];
}

const NOTHING: StoredPolicyState = { candidate: null, quarantines: [] };

/** Share of devices that a stage judges by the new version. */
export function percentOf(stage: RolloutStage): number {
  return stage === 'observe' ? 0 : Number(stage);
}

/** Open rollouts and present quarantines of apps (`null`: of all); `of` gives those of one. */
export async function loadPolicyStates(
  db: Executor,
  ids: readonly string[] | null,
): Promise<{ of(appId: string): StoredPolicyState }> {
  const candidates = await db
    .select({
      appId: policyRollouts.appId,
      rolloutId: policyRollouts.id,
      version: policyRollouts.version,
      stage: policyRollouts.stage,
      policy: policyVersions.policy,
    })
    .from(policyRollouts)
    .innerJoin(
      policyVersions,
      and(eq(policyVersions.appId, policyRollouts.appId), eq(policyVersions.version, policyRollouts.version)),
    )
    .where(
      and(
        eq(policyRollouts.state, 'open'),
        ids === null ? undefined : inArray(policyRollouts.appId, [...ids]),
      ),
    );
  const quarantines = await db
    .select()
    .from(signalQuarantines)
    .where(
      and(
        isNull(signalQuarantines.endedAt),
        sql`${signalQuarantines.expiresAt} > clock_timestamp()`,
        ids === null ? undefined : inArray(signalQuarantines.appId, [...ids]),
      ),
    )
    .orderBy(signalQuarantines.createdAt, signalQuarantines.id);
  const states = new Map<
    string,
    { candidate: StoredPolicyState['candidate']; quarantines: AppSnapshot['quarantines'] }
  >();
  const stateOf = (appId: string) => {
    const known = states.get(appId);
    if (known !== undefined) return known;
    const made = { candidate: null, quarantines: [] };
    states.set(appId, made);
    return made;
  };
  for (const { appId, rolloutId, version, stage, policy } of candidates) {
    stateOf(appId).candidate = { rolloutId, version, policy, percent: percentOf(stage) };
  }
  for (const { appId, id, threat, condition, createdAt, expiresAt } of quarantines) {
    const when = conditionSchema.parse(condition);
    const times = { fromMs: createdAt.getTime(), toMs: expiresAt.getTime() };
    stateOf(appId).quarantines.push({ id, threat, when, ...times });
  }
  return { of: (appId) => states.get(appId) ?? NOTHING };
}
