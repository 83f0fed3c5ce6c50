import { sql } from 'drizzle-orm';
import type { VerbContext } from '@/lib/auth';
import type { Verdict } from '@/lib/contracts';
import { instant } from './conditions';
import { readsOf } from './reads';

/** Attestations in which a signal was found that tell the same of where, and that it had the same part in. */
export interface SignalPlace {
  readonly platform: string;
  readonly osVersion: string;
  readonly appVersion: string;
  readonly model: string;
  readonly country: string | null;
  readonly networkKind: string;
  readonly verdict: Verdict;
  /** Whether the signal decided the verdict. */
  readonly isDecided: boolean;
  readonly attestations: number;
  /** Hashes of the devices: the same device has the same one. */
  readonly devices: readonly number[];
}

export interface SignalPlaces {
  /** All attestations that were looked at, whether the signal was found in them or not. */
  readonly attestations: number;
  /** The oldest of them; `null` where there is none. */
  readonly sinceMs: number | null;
  readonly places: readonly SignalPlace[];
}

/** As many as a guardrail looks at: enough to tell, and the same effort at any size. */
const MOST_EVENTS = 100_000;

/** Where a signal was found among the newest attestations of an app within a span. */
export async function readSignalPlaces(
  ctx: Pick<VerbContext, 'db' | 'replica'>,
  { appId, threat, fromMs, toMs }: { appId: string; threat: string; fromMs: number; toMs: number },
): Promise<SignalPlaces> {
  const [row] = await readsOf(ctx).execute<
    { attestations: number; since: number | null; places: SignalPlace[] } & Record<string, unknown>
  >(sql`
    with newest as materialized (
      select received_at, instance_id, platform, os_version, app_version, model, country, network_kind, verdict,
        deciding_threat, threats
      from attestation_events
      where app_id = ${appId} and received_at >= ${instant(fromMs)} and received_at < ${instant(toMs)}
      order by received_at desc nulls last, id desc nulls last limit ${MOST_EVENTS}
    ), places as (
      select platform, os_version as "osVersion", app_version as "appVersion", model, country,
        network_kind as "networkKind", verdict, coalesce(deciding_threat = ${threat}, false) as "isDecided",
        count(*)::int as attestations,
        coalesce(array_agg(distinct hashtext(instance_id::text)) filter (where instance_id is not null), '{}') as devices
      from newest where ${threat} = any(threats) or deciding_threat = ${threat}
      group by 1, 2, 3, 4, 5, 6, 7, 8
    )
    select (select count(*)::int from newest) as attestations,
      (select (extract(epoch from min(received_at)) * 1000)::float8 from newest) as since,
      (select coalesce(json_agg(places), '[]') from places) as places`);
  return {
    attestations: row?.attestations ?? 0,
    sinceMs: row?.since ?? null,
    places: row?.places ?? [],
  };
}
