-- Adding up items of an array takes several times as long as columns. Days, and the weeks that are made of them, are summed again
-- by the scheduled work; until then hours answer for them.
TRUNCATE attestation_rollup_days, attestation_rollup_weeks;
--> statement-breakpoint
DELETE FROM summary_progress WHERE tier IN ('attestation_rollup_days', 'attestation_rollup_weeks');
--> statement-breakpoint
ALTER TABLE attestation_rollup_days DROP COLUMN hours,
  ADD COLUMN h0 integer NOT NULL,
  ADD COLUMN h1 integer NOT NULL,
  ADD COLUMN h2 integer NOT NULL,
  ADD COLUMN h3 integer NOT NULL,
  ADD COLUMN h4 integer NOT NULL,
  ADD COLUMN h5 integer NOT NULL,
  ADD COLUMN h6 integer NOT NULL,
  ADD COLUMN h7 integer NOT NULL,
  ADD COLUMN h8 integer NOT NULL,
  ADD COLUMN h9 integer NOT NULL,
  ADD COLUMN h10 integer NOT NULL,
  ADD COLUMN h11 integer NOT NULL,
  ADD COLUMN h12 integer NOT NULL,
  ADD COLUMN h13 integer NOT NULL,
  ADD COLUMN h14 integer NOT NULL,
  ADD COLUMN h15 integer NOT NULL,
  ADD COLUMN h16 integer NOT NULL,
  ADD COLUMN h17 integer NOT NULL,
  ADD COLUMN h18 integer NOT NULL,
  ADD COLUMN h19 integer NOT NULL,
  ADD COLUMN h20 integer NOT NULL,
  ADD COLUMN h21 integer NOT NULL,
  ADD COLUMN h22 integer NOT NULL,
  ADD COLUMN h23 integer NOT NULL;
--> statement-breakpoint
-- As before, with the hours of days as columns.
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
  IF t.tier = 'attestation_rollup_weeks' THEN
    -- Spans of weeks are whole ones. Days that are dropped are in none.
    PERFORM countersign_ensure_partitions(week::date, week::date)
    FROM generate_series(from_at, to_at - interval '1 microsecond', t.width) week;
    DELETE FROM attestation_rollup_weeks WHERE bucket >= from_at AND bucket < to_at;
    INSERT INTO attestation_rollup_weeks (app_id, bucket, facet, verdict, deciding_threat, platform, os_version,
      app_version, country, network_kind, policy_version, events)
    SELECT app_id, date_bin(t.width, bucket, 'epoch') AS week, facet, verdict, deciding_threat, platform, os_version,
      app_version, country, network_kind, policy_version, sum(events)
    FROM attestation_rollup_days WHERE bucket >= from_at AND bucket < to_at
    GROUP BY app_id, week, facet, verdict, deciding_threat, platform, os_version, app_version, country, network_kind,
      policy_version;
    RETURN;
  END IF;
  EXECUTE format('DELETE FROM %I WHERE bucket >= $1 AND bucket < $2', t.tier) USING from_at, to_at;
  IF t.tier = 'attestation_rollup_days' THEN
    EXECUTE format(
      $sum$
        INSERT INTO attestation_rollup_days (app_id, bucket, facet, verdict, deciding_threat, platform, os_version,
          app_version, country, network_kind, policy_version, events, %s)
        SELECT app_id, day, facet, verdict, deciding_threat, platform, os_version, app_version, country, network_kind,
          policy_version, sum(events), %s
        FROM (SELECT *, date_trunc('day', bucket) AS day, extract(hour FROM bucket)::int AS hour
              FROM attestation_rollup_hours WHERE bucket >= $1 AND bucket < $2) r
        GROUP BY app_id, day, facet, verdict, deciding_threat, platform, os_version, app_version, country, network_kind,
          policy_version
      $sum$, (SELECT string_agg(format('h%s', h), ', ' ORDER BY h) FROM generate_series(0, 23) h),
      (SELECT string_agg(format('coalesce(sum(events) FILTER (WHERE hour = %s), 0)', h), ', ' ORDER BY h)
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
