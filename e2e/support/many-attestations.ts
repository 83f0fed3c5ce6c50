import { withDatabase } from './inside';
import type { Product } from './product';

const VECTOR = {
  'instance-identity': 2,
  configuration: 0,
  executables: 0,
  'file-system': 0,
  hardware: 2,
  'runtime-opaque': 0,
  'storage-opaque': 0,
  'sourced-data': 0,
};

export interface ManyAttestations {
  appId: string;
  /** App version that all of them state, by which they are found again. */
  appVersion: string;
  count: number;
  /** They are spread over this period, in milliseconds since the epoch. */
  fromMs: number;
  toMs: number;
}

/**
 * Puts attestations into the product's database as its service would have written them, with their minutes and hours: so
 * many that no test could have them attested.
 */
export async function seedManyAttestations(product: Product, many: ManyAttestations): Promise<void> {
  const { appId, appVersion, count, fromMs, toMs } = many;
  const stepMs = (toMs - fromMs) / count;
  await withDatabase(product, async (sql) => {
    await sql`select countersign_ensure_partitions(
      (to_timestamp(${fromMs / 1_000}) at time zone 'UTC')::date,
      (to_timestamp(${toMs / 1_000}) at time zone 'UTC')::date)`;
    await sql`
      insert into attestation_events (
        subject_id, received_at, id, reference, kind, app_id, instance_id, verdict, deciding_threat, deciding_rule,
        policy_version, platform, format, environment, app_version, os_version, model, country, network_kind, asn,
        network_prefix, threats, detail, latency_us, node)
      select id, at, id, upper(substr(md5(${appVersion} || n), 1, 4) || '-' || substr(md5(${appVersion} || n), 5, 4)),
        'attest', ${appId}, null, verdict, threat, 'threat.' || threat, 1, 'android', 'dev', 'development',
        ${appVersion}, '16', 'Pixel ' || (6 + n % 5), country, 'access', 20712, '192.0.2.0/24',
        case when threat is null then '{}'::text[] else array[threat] end,
        jsonb_build_object(
          'evidenceCode', null, 'checks', '[]'::jsonb, 'claims', null, 'tokenId', null,
          'signals', '{"found":[],"clear":[],"unknown":[]}'::jsonb,
          'appraisal', jsonb_build_object(
            'verdict', verdict, 'decidingRule', 'threat.' || threat, 'decidingThreat', threat, 'matched', '[]'::jsonb,
            'vector', ${sql.json(VECTOR)}::jsonb, 'smallestFlip', null, 'annotations', '[]'::jsonb)),
        800, 'seed-w1'
      from (
        select n, to_timestamp((${fromMs}::float8 + n * ${stepMs}::float8) / 1000) as at,
          (lpad(to_hex((${fromMs}::float8 + n * ${stepMs}::float8)::bigint), 12, '0') || '7' ||
            substr(md5('id' || ${appVersion} || n), 1, 3) || '8' || substr(md5('id' || ${appVersion} || n), 4, 15))::uuid as id,
          (array['trusted', 'trusted', 'trusted', 'trusted', 'trusted', 'flagged', 'restricted', 'rejected'])[1 + n % 8] as verdict,
          (array[null, null, null, null, null, 'privileged_access', 'patch_level_stale', 'hooks'])[1 + n % 8] as threat,
          (array['GB', 'DE', 'FR', 'IN'])[1 + n % 4] as country
        from generate_series(0, ${count - 1}::int) as n
      ) as rows`;
    for (const unit of ['minute', 'hour'] as const) {
      await sql`
        insert into ${sql(`attestation_rollup_${unit}s`)} (
          app_id, bucket, writer, facet, verdict, deciding_threat, platform, os_version, app_version, country,
          network_kind, policy_version, events, latency_us)
        select app_id, date_trunc(${unit}, received_at), 'seed',
          md5(concat_ws('|', app_version, verdict, deciding_threat, country))::uuid, verdict,
          coalesce(deciding_threat, ''), platform, os_version, app_version, country, network_kind, policy_version,
          count(*), sum(latency_us)
        from attestation_events
        where app_version = ${appVersion} and node = 'seed-w1'
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12`;
    }
  });
}
