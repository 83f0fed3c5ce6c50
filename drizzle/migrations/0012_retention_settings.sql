-- From where on addresses are still known, for the console to say what would be forgotten.
GRANT SELECT ON forgotten_addresses TO countersign_console;
--> statement-breakpoint
-- As before, and never so long ago that there is no such date: one app must not stop the retention of all.
CREATE OR REPLACE FUNCTION countersign_first_kept_day(kept text, app text) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT (now() AT TIME ZONE 'UTC')::date - greatest(1, least(36500, coalesce(
    max(CASE kept WHEN 'event' THEN retain_event_days WHEN 'minute' THEN retain_minute_days
                  WHEN 'hour' THEN retain_hour_days WHEN 'address' THEN retain_address_days END),
    CASE kept WHEN 'minute' THEN 7 WHEN 'hour' THEN 400 ELSE 30 END)))
  FROM apps WHERE app IS NULL OR id = app
$$;
--> statement-breakpoint
-- As before, but quarters, which are kept for longer than the minutes that they are made of, are not made again of minutes
-- that are gone: of an app that keeps them for less long than others, or keeps them for longer only since then.
CREATE OR REPLACE FUNCTION countersign_summarise_span(into_tier text, from_at timestamptz, to_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  t record;
  gone text[];
BEGIN
  SELECT * INTO STRICT t FROM countersign_summary_tiers() s WHERE s.tier = into_tier;
  IF t.tier = 'attestation_series_quarters' THEN
    SELECT coalesce(array_agg(a.id), '{}') INTO gone FROM apps a
    WHERE NOT EXISTS (SELECT FROM attestation_rollup_minutes r
                      WHERE r.app_id = a.id AND r.bucket >= from_at AND r.bucket < to_at)
      OR (from_at < countersign_first_kept_day('minute', a.id)::timestamptz
          AND EXISTS (SELECT FROM attestation_series_quarters q
                      WHERE q.app_id = a.id AND q.bucket >= from_at AND q.bucket < to_at));
    DELETE FROM attestation_series_quarters q
    WHERE q.bucket >= from_at AND q.bucket < to_at AND q.app_id <> ALL (gone);
    INSERT INTO attestation_series_quarters (app_id, bucket, verdict, events)
    SELECT r.app_id, date_bin(t.width, r.bucket, 'epoch'), r.verdict, sum(r.events)
    FROM attestation_rollup_minutes r
    WHERE r.bucket >= from_at AND r.bucket < to_at AND r.app_id <> ALL (gone) GROUP BY 1, 2, 3;
    RETURN;
  END IF;
  EXECUTE format('DELETE FROM %I WHERE bucket >= $1 AND bucket < $2', t.tier) USING from_at, to_at;
  IF t.tier = 'attestation_rollup_days' THEN
    EXECUTE format(
      $sum$
        INSERT INTO attestation_rollup_days (app_id, bucket, facet, verdict, deciding_threat, platform, os_version,
          app_version, country, network_kind, policy_version, events, hours)
        SELECT app_id, day, facet, verdict, deciding_threat, platform, os_version, app_version, country, network_kind,
          policy_version, sum(events), ARRAY[%s]::int[]
        FROM (SELECT *, date_trunc('day', bucket) AS day, extract(hour FROM bucket)::int AS hour
              FROM attestation_rollup_hours WHERE bucket >= $1 AND bucket < $2) r
        GROUP BY app_id, day, facet, verdict, deciding_threat, platform, os_version, app_version, country, network_kind,
          policy_version
      $sum$, (SELECT string_agg(format('coalesce(sum(events) FILTER (WHERE hour = %s), 0)', h), ', ' ORDER BY h)
              FROM generate_series(0, 23) h))
    USING from_at, to_at;
    RETURN;
  END IF;
  EXECUTE format(
    $sum$
      INSERT INTO %I (app_id, bucket, kind, value, detail, events, rejected)
      SELECT app_id, at,
        CASE WHEN grouping(verdict) = 0 THEN 'threat' WHEN grouping(app_version) = 0 THEN 'version'
             WHEN grouping(country) = 0 THEN 'country' WHEN grouping(network_kind) = 0 THEN 'network'
             WHEN grouping(platform) = 0 THEN 'platform' WHEN grouping(os_version) = 0 THEN 'os' ELSE 'policy' END,
        coalesce(verdict, app_version, country, network_kind, platform, os_version, policy_version::text),
        coalesce(deciding_threat, ''), sum(events),
        coalesce(sum(events) FILTER (WHERE is_rejected), 0)
      FROM (SELECT *, date_bin($3, bucket, 'epoch') AS at, verdict = 'rejected' AS is_rejected FROM %I
            WHERE bucket >= $1 AND bucket < $2) r
      GROUP BY GROUPING SETS ((app_id, at, verdict, deciding_threat), (app_id, at, app_version, deciding_threat),
                              (app_id, at, country), (app_id, at, network_kind), (app_id, at, platform),
                              (app_id, at, os_version), (app_id, at, policy_version))
    $sum$, t.tier, t.source)
  USING from_at, to_at, t.width;
END;
$$;
