import { and, eq, gt, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { apps, counterRollupMinutes, policyRollouts, policyVersions } from '@/drizzle/schema';
import type { Executor } from '@/lib/db';

/** Attestations in which a rule of a policy version could not be evaluated, for one cause. */
export interface RuleFailureRow {
  readonly appId: string;
  readonly version: number;
  readonly rule: string;
  readonly cause: string;
  readonly attestations: number;
}

/** Which rules of these apps (`null`: of all) could not be evaluated since. Read from the counters, by an index of nothing else. */
export async function selectRuleFailures(
  db: Executor,
  ids: readonly string[] | null,
  since: Date,
): Promise<RuleFailureRow[]> {
  const { appId, name, bucket, events } = counterRollupMinutes;
  const part = (place: number) => sql<string>`split_part(${name}, ' ', ${sql.raw(String(place))})`;
  const rows = await db
    .select({
      ...{ appId, version: part(2), rule: part(3), cause: part(4) },
      attestations: sql<number>`sum(${events})::float8`,
    })
    .from(counterRollupMinutes)
    .where(
      and(
        sql`starts_with(${name}, 'rule_failed ')`,
        gt(bucket, since),
        ids === null ? undefined : inArray(appId, [...ids]),
      ),
    )
    .groupBy(appId, name);
  return rows.map((row) => ({ ...row, version: Number(row.version) }));
}

/** The rules of a version of an app's policy, and whether devices are judged by it. */
export interface VersionRules {
  readonly appId: string;
  readonly appName: string;
  readonly version: number;
  readonly isJudgedBy: boolean;
  readonly rules: readonly { id: string; title: string; expression: string }[];
}

const rulesSchema = z.array(z.object({ id: z.string(), title: z.string(), expression: z.string() }));

/** The rules of all versions that are in force in these apps or on their way there, and of those that are named. */
export async function selectVersionRules(
  db: Executor,
  ids: readonly string[],
  named: readonly number[],
): Promise<VersionRules[]> {
  const isJudgedBy = sql<boolean>`(${policyVersions.version} = ${apps.policyVersion} or exists (
    select from ${policyRollouts} where ${policyRollouts.appId} = ${apps.id} and ${policyRollouts.state} = 'open'
      and ${policyRollouts.version} = ${policyVersions.version}))`;
  const rows = await db
    .select({
      ...{ appId: apps.id, appName: apps.name, version: policyVersions.version, isJudgedBy },
      rules: sql<unknown>`coalesce(${policyVersions.policy} -> 'rules', '[]')`,
    })
    .from(policyVersions)
    .innerJoin(apps, eq(apps.id, policyVersions.appId))
    .where(
      and(inArray(apps.id, [...ids]), sql`(${isJudgedBy} or ${inArray(policyVersions.version, [...named])})`),
    );
  // A version of a schema that this build does not know may have rules of another shape; nothing is said of those.
  return rows.map((row) => ({ ...row, rules: rulesSchema.safeParse(row.rules).data ?? [] }));
}
