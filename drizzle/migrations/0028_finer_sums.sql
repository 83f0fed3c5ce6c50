CREATE TABLE "attestation_facet_days" (
	"facet" text NOT NULL,
	"facet_value" text NOT NULL,
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"value" text NOT NULL,
	"detail" text NOT NULL,
	"events" bigint NOT NULL,
	"rejected" bigint NOT NULL,
	CONSTRAINT "attestation_facet_days_pk" PRIMARY KEY("app_id","facet","facet_value","bucket","kind","value","detail")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "attestation_facet_hours" (
	"app_id" text NOT NULL,
	"facet" text NOT NULL,
	"facet_value" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"verdict" text NOT NULL,
	"events" bigint NOT NULL,
	CONSTRAINT "attestation_facet_hours_pk" PRIMARY KEY("app_id","facet","facet_value","bucket","verdict")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "attestation_rollup_today" (
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"facet" uuid NOT NULL,
	"verdict" text NOT NULL,
	"deciding_threat" text NOT NULL,
	"platform" text NOT NULL,
	"os_version" text NOT NULL,
	"app_version" text NOT NULL,
	"country" text NOT NULL,
	"network_kind" text NOT NULL,
	"policy_version" integer NOT NULL,
	"events" bigint NOT NULL,
	"h0" integer NOT NULL,
	"h1" integer NOT NULL,
	"h2" integer NOT NULL,
	"h3" integer NOT NULL,
	"h4" integer NOT NULL,
	"h5" integer NOT NULL,
	"h6" integer NOT NULL,
	"h7" integer NOT NULL,
	"h8" integer NOT NULL,
	"h9" integer NOT NULL,
	"h10" integer NOT NULL,
	"h11" integer NOT NULL,
	"h12" integer NOT NULL,
	"h13" integer NOT NULL,
	"h14" integer NOT NULL,
	"h15" integer NOT NULL,
	"h16" integer NOT NULL,
	"h17" integer NOT NULL,
	"h18" integer NOT NULL,
	"h19" integer NOT NULL,
	"h20" integer NOT NULL,
	"h21" integer NOT NULL,
	"h22" integer NOT NULL,
	"h23" integer NOT NULL,
	CONSTRAINT "attestation_rollup_today_app_id_bucket_facet_pk" PRIMARY KEY("app_id","bucket","facet")
);
--> statement-breakpoint
CREATE TABLE "attestation_summary_five_minutes" (
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"value" text NOT NULL,
	"detail" text NOT NULL,
	"events" bigint NOT NULL,
	"rejected" bigint NOT NULL,
	CONSTRAINT "attestation_summary_five_minutes_pk" PRIMARY KEY("app_id","bucket","kind","value","detail")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "cell_hours" (
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"platform" text NOT NULL,
	"os_version" text NOT NULL,
	"app_version" text NOT NULL,
	"country" text NOT NULL,
	"events" bigint NOT NULL,
	CONSTRAINT "cell_hours_pk" PRIMARY KEY("app_id","bucket","platform","os_version","app_version","country")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "cell_marginals" (
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"dimension" text NOT NULL,
	"value" text NOT NULL,
	"signal" text NOT NULL,
	"events" bigint NOT NULL,
	CONSTRAINT "cell_marginals_app_id_bucket_dimension_value_signal_pk" PRIMARY KEY("app_id","bucket","dimension","value","signal")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
-- As before, with what is new.
CREATE OR REPLACE FUNCTION countersign_telemetry_tables() RETURNS TABLE (parent text, kept text)
LANGUAGE sql IMMUTABLE AS $$
  VALUES ('attestation_events', 'event'), ('request_events', 'event'),
         ('attestation_rollup_minutes', 'minute'), ('request_rollup_minutes', 'minute'),
         ('counter_rollup_minutes', 'minute'), ('cell_rollups', 'minute'), ('cell_marginals', 'minute'), ('cell_hours', 'event'),
         ('attestation_summary_minutes', 'minute'), ('attestation_summary_five_minutes', 'minute'),
         ('attestation_rollup_hours', 'hour'), ('request_rollup_hours', 'hour'), ('device_days', 'hour'),
         ('attestation_summary_hours', 'hour'), ('attestation_rollup_days', 'hour'), ('attestation_rollup_weeks', 'hour'),
         ('attestation_facet_days', 'hour'), ('attestation_facet_hours', 'hour'),
         ('archived_evidence', 'archive')
$$;
--> statement-breakpoint
-- Added to each hour.
ALTER TABLE attestation_rollup_today SET (fillfactor = 50);
--> statement-breakpoint
-- As before, with minutes, cells, single facets and the day so far.
CREATE OR REPLACE FUNCTION countersign_summary_tiers() RETURNS TABLE (tier text, source text, width interval)
LANGUAGE sql IMMUTABLE AS $$
  VALUES ('attestation_summary_minutes', 'attestation_rollup_minutes', interval '1 minute'),
         ('attestation_summary_five_minutes', 'attestation_summary_minutes', interval '5 minutes'),
         ('cell_marginals', 'cell_rollups', interval '10 minutes'),
         ('attestation_series_quarters', 'attestation_rollup_minutes', interval '15 minutes'),
         ('cell_hours', 'cell_rollups', interval '1 hour'),
         ('attestation_summary_hours', 'attestation_rollup_hours', interval '1 hour'),
         ('attestation_rollup_today', 'attestation_rollup_hours', interval '1 hour'),
         ('attestation_summary_days', 'attestation_rollup_hours', interval '1 day'),
         ('attestation_rollup_days', 'attestation_rollup_hours', interval '1 day'),
         ('attestation_facet_hours', 'attestation_rollup_hours', interval '1 hour'),
         ('attestation_facet_days', 'attestation_rollup_days', interval '1 day'),
         ('attestation_rollup_weeks', 'attestation_rollup_days', interval '7 days')
$$;
--> statement-breakpoint
-- As before, with minutes, cells, single facets and the day so far. What was there
-- of a span is replaced; to the day so far its next hours are added.
CREATE OR REPLACE FUNCTION countersign_summarise_span(into_tier text, from_at timestamptz, to_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  t record;
  gone text[];
  by_facet text;
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
  IF t.tier = 'attestation_summary_five_minutes' THEN
    INSERT INTO attestation_summary_five_minutes (app_id, bucket, kind, value, detail, events, rejected)
    SELECT app_id, date_bin(t.width, bucket, 'epoch') AS at, kind, value, detail, sum(events), sum(rejected)
    FROM attestation_summary_minutes WHERE bucket >= from_at AND bucket < to_at GROUP BY app_id, at, kind, value, detail;
    RETURN;
  END IF;
  IF t.tier = 'cell_marginals' THEN
    INSERT INTO cell_marginals (app_id, bucket, dimension, value, signal, events)
    SELECT app_id, date_bin(t.width, bucket, 'epoch') AS at,
      CASE WHEN grouping(platform) = 0 THEN 'platform' WHEN grouping(os_version) = 0 THEN 'os_version'
           WHEN grouping(app_version) = 0 THEN 'app_version' WHEN grouping(model) = 0 THEN 'model'
           WHEN grouping(country) = 0 THEN 'country' ELSE '' END,
      coalesce(platform, os_version, app_version, model, country, ''), signal, sum(events)
    FROM cell_rollups WHERE bucket >= from_at AND bucket < to_at
    GROUP BY app_id, at, signal, GROUPING SETS ((), (platform), (os_version), (app_version), (model), (country));
    RETURN;
  END IF;
  IF t.tier = 'cell_hours' THEN
    INSERT INTO cell_hours (app_id, bucket, platform, os_version, app_version, country, events)
    SELECT app_id, date_bin(t.width, bucket, 'epoch') AS at, platform, os_version, app_version, country, sum(events)
    FROM cell_rollups WHERE bucket >= from_at AND bucket < to_at AND signal = ''
    GROUP BY app_id, at, platform, os_version, app_version, country;
    RETURN;
  END IF;
  IF t.tier IN ('attestation_facet_days', 'attestation_facet_hours') THEN
    FOREACH by_facet IN ARRAY ARRAY['verdict', 'deciding_threat', 'platform', 'os_version', 'app_version', 'country',
                                 'network_kind', 'policy_version'] LOOP
      EXECUTE format(CASE t.tier WHEN 'attestation_facet_hours' THEN
        $sum$
          INSERT INTO attestation_facet_hours (app_id, facet, facet_value, bucket, verdict, events)
          SELECT app_id, %1$L, %1$I::text, bucket, verdict, sum(events)
          FROM attestation_rollup_hours WHERE bucket >= $1 AND bucket < $2 GROUP BY app_id, %1$I, bucket, verdict
        $sum$ ELSE
        $sum$
          INSERT INTO attestation_facet_days (app_id, facet, facet_value, bucket, kind, value, detail, events, rejected)
          SELECT app_id, %1$L, facet_value, bucket,
            CASE WHEN grouping(verdict) = 0 THEN 'threat' WHEN grouping(app_version) = 0 THEN 'version'
                 WHEN grouping(country) = 0 THEN 'country' WHEN grouping(network_kind) = 0 THEN 'network'
                 WHEN grouping(platform) = 0 THEN 'platform' WHEN grouping(os_version) = 0 THEN 'os' ELSE 'policy' END,
            coalesce(verdict, app_version, country, network_kind, platform, os_version, policy_version::text),
            coalesce(deciding_threat, ''), sum(events), coalesce(sum(events) FILTER (WHERE is_rejected), 0)
          -- By itself (offset 0): Postgres before 18 would take it for the column that it is a copy of, in the sets as well.
          FROM (SELECT *, %1$I::text AS facet_value, verdict = 'rejected' AS is_rejected FROM attestation_rollup_days
                WHERE bucket >= $1 AND bucket < $2 OFFSET 0) r
          GROUP BY app_id, bucket, facet_value,
            GROUPING SETS ((verdict, deciding_threat), (app_version, deciding_threat), (country), (network_kind),
                           (platform), (os_version), (policy_version))
        $sum$ END, by_facet)
      USING from_at, to_at;
    END LOOP;
    RETURN;
  END IF;
  IF t.tier IN ('attestation_rollup_days', 'attestation_rollup_today') THEN
    EXECUTE format(
      $sum$
        INSERT INTO %I AS d (app_id, bucket, facet, verdict, deciding_threat, platform, os_version, app_version, country,
          network_kind, policy_version, events, %s)
        SELECT app_id, day, facet, verdict, deciding_threat, platform, os_version, app_version, country, network_kind,
          policy_version, sum(events), %s
        FROM (SELECT *, date_trunc('day', bucket) AS day, extract(hour FROM bucket)::int AS hour
              FROM attestation_rollup_hours WHERE bucket >= $1 AND bucket < $2) r
        GROUP BY app_id, day, facet, verdict, deciding_threat, platform, os_version, app_version, country, network_kind,
          policy_version
        ON CONFLICT (app_id, bucket, facet) DO UPDATE SET events = d.events + excluded.events, %s
      $sum$, t.tier, (SELECT string_agg(format('h%s', h), ', ' ORDER BY h) FROM generate_series(0, 23) h),
      (SELECT string_agg(format('coalesce(sum(events) FILTER (WHERE hour = %s), 0)', h), ', ' ORDER BY h)
       FROM generate_series(0, 23) h),
      (SELECT string_agg(format('h%1$s = d.h%1$s + excluded.h%1$s', h), ', ' ORDER BY h) FROM generate_series(0, 23) h))
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
--> statement-breakpoint
-- Whether a span of a table counts as many attestations of each app as what it is made of.
CREATE FUNCTION countersign_is_summed(tier text, source text, from_at timestamptz, to_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  of_app constant text := '(SELECT app_id, sum(events) AS events FROM %I WHERE bucket >= $1 AND bucket < $2 AND %s GROUP BY app_id)';
  counted text[];
  is_equal boolean;
BEGIN
  SELECT array_agg(format(of_app, t.name, CASE
    WHEN t.name LIKE 'attestation_summary_%' THEN 'kind = ''network'''
    WHEN t.name = 'cell_marginals' THEN 'dimension = '''' AND signal = '''''
    WHEN t.name = 'cell_rollups' THEN 'signal = '''''
    WHEN t.name = 'attestation_facet_hours' THEN 'facet = ''platform'''
    WHEN t.name = 'attestation_facet_days' THEN 'facet = ''platform'' AND kind = ''network'''
    ELSE 'true' END)) INTO counted
  FROM unnest(ARRAY[tier, source]) AS t(name);
  EXECUTE format('SELECT NOT EXISTS (SELECT FROM %s s FULL JOIN %s m USING (app_id) WHERE s.events IS DISTINCT FROM m.events)',
    counted[1], counted[2])
  INTO is_equal USING from_at, to_at;
  RETURN is_equal;
END;
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION countersign_is_summed(text, text, timestamptz, timestamptz) FROM PUBLIC;
--> statement-breakpoint
-- As before, with what is made of minutes and cells, and without what is complete.
CREATE OR REPLACE FUNCTION countersign_summarise_again(from_at timestamptz, to_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  p record;
BEGIN
  FOR p IN
    SELECT s.tier, s.source,
      CASE s.tier WHEN 'attestation_rollup_today' THEN g.summarised_from ELSE date_bin(s.width, from_at, 'epoch') END AS from_at,
      CASE s.tier WHEN 'attestation_rollup_today' THEN g.summarised_to
        ELSE least(date_bin(s.width, to_at - interval '1 microsecond', 'epoch') + s.width, g.summarised_to) END AS to_at
    FROM countersign_summary_tiers() s JOIN summary_progress g USING (tier)
      JOIN countersign_telemetry_tables() made_of ON made_of.parent = s.source
    -- Minutes that were dropped cannot be summed again.
    WHERE (made_of.kept <> 'minute' OR from_at >= countersign_first_kept_day('minute', NULL))
      -- It tells of one day, and is summed as a whole.
      AND (s.tier <> 'attestation_rollup_today' OR from_at >= g.summarised_from)
    ORDER BY s.width
  LOOP
    CONTINUE WHEN p.from_at >= p.to_at;
    -- Nothing is ever taken out of what is counted: where as much is summed as there is, nothing is missing.
    CONTINUE WHEN countersign_is_summed(p.tier, p.source, p.from_at, p.to_at);
    PERFORM countersign_summarise_span(p.tier, p.from_at, p.to_at);
    -- Between a week that is told of late and those that are known others may have been dropped.
    UPDATE summary_progress g SET summarised_from = least(summarised_from, p.from_at)
    WHERE g.tier = p.tier AND (p.tier <> 'attestation_rollup_weeks' OR p.to_at >= g.summarised_from);
  END LOOP;
END;
$$;
--> statement-breakpoint
-- As before, with minutes, cells, single facets and the day so far.
CREATE OR REPLACE FUNCTION countersign_summarise() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  due record;
  -- What arrived at the end of a span has committed by then.
  settled constant timestamptz := now() - interval '1 minute';
  today constant timestamptz := date_trunc('day', now());
BEGIN
  PERFORM pg_advisory_xact_lock(7310503);
  INSERT INTO summary_progress (tier, summarised_from, summarised_to)
  SELECT s.tier, first.at, first.at FROM countersign_summary_tiers() s
    JOIN countersign_telemetry_tables() made_of ON made_of.parent = s.source CROSS JOIN LATERAL (
    SELECT date_bin(greatest(s.width, interval '1 day'), coalesce(CASE
      WHEN s.tier = 'attestation_rollup_today' THEN today
      WHEN s.source = 'cell_rollups' THEN (SELECT min(bucket) FROM cell_rollups)
      WHEN made_of.kept = 'minute' THEN (SELECT min(bucket) FROM attestation_rollup_minutes)
      ELSE (SELECT min(bucket) FROM attestation_rollup_hours) END, now()), 'epoch') AS at) first
  WHERE NOT EXISTS (SELECT FROM summary_progress g WHERE g.tier = s.tier);

  -- What tells of the day so far goes on to the next day once the day that it told of is summed.
  UPDATE summary_progress g SET summarised_from = today, summarised_to = today
  WHERE g.tier = 'attestation_rollup_today' AND g.summarised_from < today
    AND EXISTS (SELECT FROM summary_progress days WHERE days.tier = 'attestation_rollup_days' AND days.summarised_to >= today);
  IF FOUND THEN
    DELETE FROM attestation_rollup_today WHERE bucket < today;
  END IF;

  -- A week of which some app has dropped a day already tells of days that are no more, or is dropped itself.
  UPDATE summary_progress g SET summarised_from = kept.at
  FROM (SELECT max(countersign_first_kept_day('hour', id))::timestamptz AS at FROM apps) kept
  WHERE g.tier = 'attestation_rollup_weeks' AND g.summarised_from < kept.at;

  SELECT g.tier, g.summarised_to AS from_at,
    least(ended.at, g.summarised_to + greatest(s.width, interval '1 day')) AS to_at INTO due
  FROM countersign_summary_tiers() s JOIN summary_progress g USING (tier)
    LEFT JOIN summary_progress made_of ON made_of.tier = s.source
    -- What is made of sums waits for them.
    CROSS JOIN LATERAL (SELECT date_bin(s.width, least(settled, made_of.summarised_to,
      CASE s.tier WHEN 'attestation_rollup_today' THEN g.summarised_from + interval '1 day' END), 'epoch') AS at) ended
  WHERE g.summarised_to < ended.at ORDER BY s.width LIMIT 1;
  IF FOUND THEN
    PERFORM countersign_summarise_span(due.tier, due.from_at, due.to_at);
    UPDATE summary_progress SET summarised_to = due.to_at WHERE tier = due.tier;
    -- What came late within an hour is in the hour's sums, and is not in the finer ones that had been made by then.
    IF due.tier = 'attestation_summary_hours' THEN
      PERFORM countersign_summarise_again(due.from_at, due.to_at);
    END IF;
    RETURN true;
  END IF;

  SELECT r.bucket AS at INTO due FROM attestation_rollup_hours r
  WHERE r.bucket >= today AND r.bucket < date_trunc('hour', settled)
  GROUP BY r.bucket
  HAVING sum(r.events) <> coalesce((SELECT sum(s.events) FROM attestation_summary_hours s
                                    WHERE s.bucket = r.bucket AND s.kind = 'network'), 0)
  ORDER BY r.bucket DESC LIMIT 1;
  IF FOUND THEN
    PERFORM countersign_summarise_again(due.at, due.at + interval '1 hour');
    RETURN true;
  END IF;

  -- The newest first, so that what is complete stays in one piece.
  SELECT p.ends_on - 1 AS day, countersign_rows_written(p.child) AS written INTO due
  FROM countersign_partitions('attestation_rollup_hours') p
    LEFT JOIN summary_days_seen seen ON seen.day = p.ends_on - 1
  WHERE p.ends_on <= today::date AND countersign_rows_written(p.child) IS DISTINCT FROM seen.written
  ORDER BY p.ends_on DESC LIMIT 1;
  IF FOUND THEN
    PERFORM countersign_summarise_again(due.day::timestamptz, (due.day + 1)::timestamptz);
    INSERT INTO summary_days_seen (day, written) VALUES (due.day, due.written)
      ON CONFLICT (day) DO UPDATE SET written = excluded.written;
    RETURN true;
  END IF;

  DELETE FROM summary_days_seen WHERE day < countersign_first_kept_day('hour', NULL);
  DELETE FROM attestation_summary_days d USING apps a
  WHERE a.id = d.app_id AND d.bucket < countersign_first_kept_day('hour', a.id)::timestamptz;
  DELETE FROM attestation_series_quarters q USING apps a
  WHERE a.id = q.app_id AND q.bucket < countersign_first_kept_day('hour', a.id)::timestamptz;
  RETURN false;
END;
$$;
--> statement-breakpoint
-- Minutes were five of them each; the scheduled work sums them again.
TRUNCATE attestation_summary_minutes;
--> statement-breakpoint
DELETE FROM summary_progress WHERE tier = 'attestation_summary_minutes';
--> statement-breakpoint
GRANT SELECT ON cell_hours, attestation_facet_days, attestation_facet_hours, attestation_rollup_today, attestation_summary_five_minutes, cell_marginals
  TO countersign_console, countersign_service;
--> statement-breakpoint
SELECT countersign_ensure_partitions(
  coalesce((SELECT min(ends_on) FROM countersign_partitions('attestation_rollup_hours')), (now() AT TIME ZONE 'UTC')::date) - 1,
  (now() AT TIME ZONE 'UTC')::date + 14);
