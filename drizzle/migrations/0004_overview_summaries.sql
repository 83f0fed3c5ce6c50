CREATE TABLE "attestation_rollup_days" (
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
	"hours" integer[] NOT NULL,
	CONSTRAINT "attestation_rollup_days_app_id_bucket_facet_pk" PRIMARY KEY("app_id","bucket","facet")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "attestation_series_quarters" (
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"verdict" text NOT NULL,
	"events" bigint NOT NULL,
	CONSTRAINT "attestation_series_quarters_app_id_bucket_verdict_pk" PRIMARY KEY("app_id","bucket","verdict")
);
--> statement-breakpoint
CREATE TABLE "attestation_summary_days" (
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"value" text NOT NULL,
	"detail" text NOT NULL,
	"events" bigint NOT NULL,
	"rejected" bigint NOT NULL,
	CONSTRAINT "attestation_summary_days_app_id_bucket_kind_value_detail_pk" PRIMARY KEY("app_id","bucket","kind","value","detail")
);
--> statement-breakpoint
CREATE TABLE "attestation_summary_hours" (
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"value" text NOT NULL,
	"detail" text NOT NULL,
	"events" bigint NOT NULL,
	"rejected" bigint NOT NULL,
	CONSTRAINT "attestation_summary_hours_app_id_bucket_kind_value_detail_pk" PRIMARY KEY("app_id","bucket","kind","value","detail")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "attestation_summary_minutes" (
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"value" text NOT NULL,
	"detail" text NOT NULL,
	"events" bigint NOT NULL,
	"rejected" bigint NOT NULL,
	CONSTRAINT "attestation_summary_minutes_app_id_bucket_kind_value_detail_pk" PRIMARY KEY("app_id","bucket","kind","value","detail")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "summary_days_seen" (
	"day" date PRIMARY KEY NOT NULL,
	"written" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "summary_progress" (
	"tier" text PRIMARY KEY NOT NULL,
	"summarised_from" timestamp with time zone NOT NULL,
	"summarised_to" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "device_days_rejected" ON "device_days" USING btree ("app_id","day","instance_id") WHERE "device_days"."verdict" = 'rejected';--> statement-breakpoint
CREATE INDEX "attestation_events_rejected" ON "attestation_events" USING btree ("app_id","received_at" DESC NULLS LAST,"instance_id") WHERE "attestation_events"."verdict" = 'rejected';
--> statement-breakpoint
-- As before, with the summaries that are partitioned.
CREATE OR REPLACE FUNCTION countersign_telemetry_tables() RETURNS TABLE (parent text, kept text)
LANGUAGE sql IMMUTABLE AS $$
  VALUES ('attestation_events', 'event'), ('request_events', 'event'),
         ('attestation_rollup_minutes', 'minute'), ('request_rollup_minutes', 'minute'),
         ('counter_rollup_minutes', 'minute'), ('cell_rollups', 'minute'), ('attestation_summary_minutes', 'minute'),
         ('attestation_rollup_hours', 'hour'), ('request_rollup_hours', 'hour'), ('device_days', 'hour'),
         ('attestation_summary_hours', 'hour'), ('attestation_rollup_days', 'hour')
$$;
--> statement-breakpoint
-- What is summed into what, and per how much.
CREATE FUNCTION countersign_summary_tiers() RETURNS TABLE (tier text, source text, width interval)
LANGUAGE sql IMMUTABLE AS $$
  VALUES ('attestation_summary_minutes', 'attestation_rollup_minutes', interval '5 minutes'),
         ('attestation_series_quarters', 'attestation_rollup_minutes', interval '15 minutes'),
         ('attestation_summary_hours', 'attestation_rollup_hours', interval '1 hour'),
         ('attestation_summary_days', 'attestation_rollup_hours', interval '1 day'),
         ('attestation_rollup_days', 'attestation_rollup_hours', interval '1 day')
$$;
--> statement-breakpoint
-- Sums a span into one of the tables, in place of what was there.
CREATE FUNCTION countersign_summarise_span(into_tier text, from_at timestamptz, to_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  t record;
BEGIN
  SELECT * INTO STRICT t FROM countersign_summary_tiers() s WHERE s.tier = into_tier;
  EXECUTE format('DELETE FROM %I WHERE bucket >= $1 AND bucket < $2', t.tier) USING from_at, to_at;
  IF t.tier = 'attestation_series_quarters' THEN
    INSERT INTO attestation_series_quarters (app_id, bucket, verdict, events)
    SELECT r.app_id, date_bin(t.width, r.bucket, 'epoch'), r.verdict, sum(r.events)
    FROM attestation_rollup_minutes r WHERE r.bucket >= from_at AND r.bucket < to_at GROUP BY 1, 2, 3;
    RETURN;
  END IF;
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
--> statement-breakpoint
-- How many rows were ever written to a table, as Postgres counts them. A crash sets it back, which only sums a day again.
CREATE FUNCTION countersign_rows_written(child text) RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = public, pg_temp AS $$
  SELECT pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid)
  FROM pg_class c WHERE c.oid = to_regclass('public.' || child)
$$;
--> statement-breakpoint
-- Sums an hour or a day again, in every table that reaches so far.
CREATE FUNCTION countersign_summarise_again(from_at timestamptz, to_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  p record;
BEGIN
  FOR p IN
    SELECT s.tier, date_bin(s.width, from_at, 'epoch') AS from_at,
      least(date_bin(s.width, to_at - interval '1 microsecond', 'epoch') + s.width, g.summarised_to) AS to_at
    FROM countersign_summary_tiers() s JOIN summary_progress g USING (tier)
    -- Minutes that were dropped cannot be summed again.
    WHERE s.source <> 'attestation_rollup_minutes' OR from_at >= countersign_first_kept_day('minute', NULL)
  LOOP
    CONTINUE WHEN p.from_at >= p.to_at;
    PERFORM countersign_summarise_span(p.tier, p.from_at, p.to_at);
    UPDATE summary_progress g SET summarised_from = least(summarised_from, p.from_at) WHERE g.tier = p.tier;
  END LOOP;
END;
$$;
--> statement-breakpoint
-- Does the next piece of summing that is due, and says whether there was one: first what has ended since, then what was
-- written to an hour of today, or to a day, after it had been summed.
CREATE FUNCTION countersign_summarise() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  due record;
  -- What arrived at the end of a span has committed by then.
  settled constant timestamptz := now() - interval '1 minute';
  today constant timestamptz := date_trunc('day', now());
BEGIN
  PERFORM pg_advisory_xact_lock(7310503);
  INSERT INTO summary_progress (tier, summarised_from, summarised_to)
  SELECT s.tier, first.day, first.day FROM countersign_summary_tiers() s CROSS JOIN LATERAL (
    SELECT date_trunc('day', coalesce(CASE s.source
      WHEN 'attestation_rollup_minutes' THEN (SELECT min(bucket) FROM attestation_rollup_minutes)
      ELSE (SELECT min(bucket) FROM attestation_rollup_hours) END, now())) AS day) first
  WHERE NOT EXISTS (SELECT FROM summary_progress g WHERE g.tier = s.tier);

  SELECT g.tier, g.summarised_to AS from_at, least(ended.at, g.summarised_to + interval '1 day') AS to_at INTO due
  FROM countersign_summary_tiers() s JOIN summary_progress g USING (tier)
    CROSS JOIN LATERAL (SELECT date_bin(s.width, settled, 'epoch') AS at) ended
  WHERE g.summarised_to < ended.at LIMIT 1;
  IF FOUND THEN
    PERFORM countersign_summarise_span(due.tier, due.from_at, due.to_at);
    UPDATE summary_progress SET summarised_to = due.to_at WHERE tier = due.tier;
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
REVOKE ALL ON FUNCTION countersign_summary_tiers(), countersign_summarise_span(text, timestamptz, timestamptz),
  countersign_rows_written(text), countersign_summarise_again(timestamptz, timestamptz), countersign_summarise()
  FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION countersign_summarise() TO countersign_service;
--> statement-breakpoint
GRANT SELECT ON attestation_summary_minutes, attestation_summary_hours, attestation_summary_days,
  attestation_series_quarters, attestation_rollup_days, summary_progress TO countersign_console, countersign_service;
--> statement-breakpoint
SELECT countersign_ensure_partitions((now() AT TIME ZONE 'UTC')::date - 1, (now() AT TIME ZONE 'UTC')::date + 14);
