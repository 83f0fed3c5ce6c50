import { scopeApps, type VerbContext } from '@/lib/auth';
import { RANGES, type RangeName } from '@/lib/contracts';
import { firstEventMs, registeredApps } from './rollups';

/** What pages may look at unasked, shortest first. */
const USUAL = ['15m', '1h', '6h', '24h'] as const satisfies readonly RangeName[];

/** The shortest range that holds everything since the first event, of those up to a day; the shortest where there is none. */
export function rangeSince(firstMs: number | null, nowMs: number): RangeName {
  const sinceMs = firstMs === null ? 0 : nowMs - firstMs;
  return USUAL.find((name) => RANGES[name] * 1000 >= sinceMs) ?? '24h';
}

/**
 * What pages look at where nobody chose a range: a day, and less as long as there is less than that to see of the apps that
 * the actor may see. @throws AppError `permission_denied`
 */
export async function readDefaultRange({ actor, db, clock }: VerbContext): Promise<RangeName> {
  // A page's frame does not wait for a replica.
  const apps = scopeApps(actor, 'telemetry.read', []) ?? (await registeredApps(db.orm));
  return rangeSince(await firstEventMs(db.orm, apps), clock.nowMs());
}
