import { inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { apps, serviceNodes } from '@/drizzle/schema';
import { unsupportedPolicySchema } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { seenWithin } from './read';
import { ALIVE_SECONDS } from './silence';

const rowsSchema = z.array(
  unsupportedPolicySchema.extend({
    appName: z.string(),
    nodes: z.number().int(),
    allNodes: z.number().int(),
  }),
);

/**
 * Policies in force that living nodes are too old for, of these apps (`null`: of all): one row for all nodes that do the same about
 * one of them, those that reject everything first.
 */
export async function readUnsupportedPolicies(db: Executor, appIds: readonly string[] | null) {
  const ofApps = appIds === null ? sql`true` : inArray(apps.id, [...appIds]);
  const rows = await db.execute(sql`
    with living as (
      select ${serviceNodes.unsupportedPolicies} as policies from ${serviceNodes}
      where ${serviceNodes.stoppedAt} is null and ${seenWithin(ALIVE_SECONDS)}
    )
    select ${apps.id} as "appId", ${apps.name} as "appName", p.version, p.schema, p."judgedBy", count(*)::int as nodes,
      (select count(*)::int from living) as "allNodes"
    from living, jsonb_to_recordset(policies) as p("appId" text, version int, schema int, "judgedBy" int)
    join ${apps} on ${apps.id} = p."appId" where ${ofApps}
    group by 1, 2, 3, 4, 5 order by p."judgedBy" nulls first, ${apps.name}, p.version`);
  return rowsSchema.parse([...rows]);
}
