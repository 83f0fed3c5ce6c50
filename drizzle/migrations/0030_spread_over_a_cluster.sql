-- Whether a table's rows lie on several shards of a cluster.
CREATE FUNCTION countersign_is_sharded(name text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
  is_sharded boolean := false;
BEGIN
  IF to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL THEN
    EXECUTE 'SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass($1) AND partmethod = ''h'')'
      INTO is_sharded USING name;
  END IF;
  RETURN is_sharded;
END;
$$;
--> statement-breakpoint
-- As before, with statements that one node of a cluster can answer by itself: app by app where the apps are asked, and with
-- functions that no setting has a say in.
CREATE OR REPLACE FUNCTION countersign_summarise_span(into_tier text, from_at timestamptz, to_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  t record;
  kept record;
  gone text[] := '{}';
  by_facet text;
BEGIN
  SELECT * INTO STRICT t FROM countersign_summary_tiers() s WHERE s.tier = into_tier;
  IF t.tier = 'attestation_series_quarters' THEN
    FOR kept IN SELECT a.id AS app, countersign_first_kept_day('minute', a.id)::timestamptz AS at FROM apps a LOOP
      IF NOT EXISTS (SELECT FROM attestation_rollup_minutes r
                     WHERE r.app_id = kept.app AND r.bucket >= from_at AND r.bucket < to_at)
        OR (from_at < kept.at AND EXISTS (SELECT FROM attestation_series_quarters q
                                          WHERE q.app_id = kept.app AND q.bucket >= from_at AND q.bucket < to_at)) THEN
        gone := gone || kept.app;
      END IF;
    END LOOP;
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
        FROM (SELECT *, date_bin('1 day', bucket, 'epoch') AS day, extract(hour FROM bucket AT TIME ZONE 'UTC')::int AS hour
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
-- How many rows were ever written to each partition of a table, as Postgres counts them: in a cluster, on the nodes that they
-- lie on. A crash sets it back, which only sums a day again.
CREATE FUNCTION countersign_rows_written_to(parent text) RETURNS TABLE (child text, written bigint)
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
BEGIN
  IF to_regclass('pg_catalog.pg_dist_partition') IS NULL THEN
    RETURN QUERY SELECT p.child, countersign_rows_written(p.child) FROM countersign_partitions(parent) p;
    RETURN;
  END IF;
  -- A shard is called like its table, with a number after it.
  RETURN QUERY EXECUTE
    $nodes$
      SELECT p.child, coalesce(sum(s.written::bigint), 0)::bigint
      FROM countersign_partitions($1) p LEFT JOIN (
        SELECT left(of_shard.key, -strpos(reverse(of_shard.key), '_')) AS child, of_shard.value AS written
        FROM run_command_on_all_nodes(format(
          $shards$ SELECT coalesce(json_object_agg(c.relname, pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid)), '{}')
                   FROM pg_catalog.pg_class c WHERE c.relname ~ %L $shards$, '^' || $1 || '_[0-9]{8}_[0-9]+$')) node
          CROSS JOIN LATERAL json_each_text(node.result::json) of_shard
        WHERE node.success) s ON s.child = p.child
      GROUP BY p.child
    $nodes$ USING parent;
END;
$$;
--> statement-breakpoint
-- As before, app by app at its end.
CREATE OR REPLACE FUNCTION countersign_summarise() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  due record;
  of_app record;
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
  SELECT p.ends_on - 1 AS day, w.written INTO due
  FROM countersign_partitions('attestation_rollup_hours') p
    JOIN countersign_rows_written_to('attestation_rollup_hours') w ON w.child = p.child
    LEFT JOIN summary_days_seen seen ON seen.day = p.ends_on - 1
  WHERE p.ends_on <= today::date AND w.written IS DISTINCT FROM seen.written
  ORDER BY p.ends_on DESC LIMIT 1;
  IF FOUND THEN
    PERFORM countersign_summarise_again(due.day::timestamptz, (due.day + 1)::timestamptz);
    INSERT INTO summary_days_seen (day, written) VALUES (due.day, due.written)
      ON CONFLICT (day) DO UPDATE SET written = excluded.written;
    RETURN true;
  END IF;

  DELETE FROM summary_days_seen WHERE day < countersign_first_kept_day('hour', NULL);
  FOR of_app IN SELECT a.id, countersign_first_kept_day('hour', a.id)::timestamptz AS kept_from FROM apps a LOOP
    DELETE FROM attestation_summary_days d WHERE d.app_id = of_app.id AND d.bucket < of_app.kept_from;
    DELETE FROM attestation_series_quarters q WHERE q.app_id = of_app.id AND q.bucket < of_app.kept_from;
  END LOOP;
  RETURN false;
END;
$$;
--> statement-breakpoint
-- As before, app by app. Whoever erases a device waits for this, and this for them: no device goes meanwhile.
CREATE OR REPLACE FUNCTION countersign_link_rejected_days(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  kept record;
  devices uuid[];
  relinked integer;
  seen integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(7310504);
  FOR kept IN SELECT a.id AS app, countersign_first_kept_day('hour', a.id) AS day FROM apps a LOOP
    SELECT array_agg(unlinked.instance_id) INTO devices FROM (
      SELECT d.instance_id FROM device_days d
      WHERE d.app_id = kept.app AND d.verdict = 'rejected' AND d.previous_day IS NULL LIMIT most - seen) unlinked;
    IF devices IS NOT NULL THEN
      seen := seen + cardinality(devices);
      WITH linked AS MATERIALIZED (
        SELECT d.instance_id, d.day, d.previous_day AS was,
          coalesce(lag(d.day) OVER (PARTITION BY d.instance_id ORDER BY d.day), '-infinity') AS previous_day
        FROM device_days d WHERE d.app_id = kept.app AND d.instance_id = ANY (devices) AND d.verdict = 'rejected'),
      changed AS (
        UPDATE device_days d SET previous_day = linked.previous_day FROM linked
        WHERE d.app_id = kept.app AND d.day = linked.day AND d.instance_id = linked.instance_id AND d.verdict = 'rejected'
          AND d.previous_day IS DISTINCT FROM linked.previous_day
        RETURNING linked.day, linked.was, linked.previous_day),
      counted AS (
        INSERT INTO rejected_device_days AS s (app_id, day, previous_day, devices)
        SELECT kept.app, c.day, c.link, sum(c.devices)
        FROM (SELECT day, previous_day AS link, 1 AS devices FROM changed
              UNION ALL SELECT day, was, -1 FROM changed WHERE was IS NOT NULL) c
        WHERE EXISTS (SELECT FROM rejected_device_days s WHERE s.app_id = kept.app)
        GROUP BY c.day, c.link HAVING sum(c.devices) <> 0
        ON CONFLICT (app_id, day, previous_day) DO UPDATE SET devices = s.devices + excluded.devices)
      SELECT count(*) INTO relinked FROM changed;
    END IF;
    DELETE FROM rejected_device_days s
    WHERE s.app_id = kept.app AND s.day < kept.day
      AND NOT EXISTS (SELECT FROM device_days d WHERE d.app_id = s.app_id AND d.day = s.day);
  END LOOP;
  RETURN seen;
END;
$$;
--> statement-breakpoint
-- As before, app by app.
CREATE OR REPLACE FUNCTION countersign_count_linked_days() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  uncounted text;
BEGIN
  PERFORM pg_advisory_xact_lock(7310504);
  FOR uncounted IN SELECT a.id FROM apps a LOOP
    CONTINUE WHEN EXISTS (SELECT FROM rejected_device_days s WHERE s.app_id = uncounted);
    INSERT INTO rejected_device_days (app_id, day, previous_day, devices)
    SELECT d.app_id, d.day, d.previous_day, count(*) FROM device_days d
    WHERE d.app_id = uncounted AND d.verdict = 'rejected' AND d.previous_day IS NOT NULL
    GROUP BY d.app_id, d.day, d.previous_day;
    IF FOUND THEN
      RETURN 1;
    END IF;
  END LOOP;
  RETURN 0;
END;
$$;
--> statement-breakpoint
-- As before, in two steps, of which the second asks nothing of the events: what they tell may lie elsewhere than what is noted.
CREATE OR REPLACE FUNCTION countersign_note_rejections_of(app text, from_at timestamptz, to_at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC'
SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
DECLARE
  rejected uuid[];
  minutes timestamptz[];
  added integer;
BEGIN
  SELECT array_agg(e.instance_id), array_agg(e.at) INTO rejected, minutes FROM (
    SELECT DISTINCT e.instance_id, date_trunc('minute', e.received_at) AS at FROM attestation_events e
    WHERE e.app_id = app AND e.verdict = 'rejected' AND e.received_at >= from_at AND e.received_at < to_at
      AND e.instance_id IS NOT NULL) e;
  IF rejected IS NULL THEN
    RETURN 0;
  END IF;
  WITH missing AS MATERIALIZED (
    SELECT e.instance_id, e.at FROM unnest(rejected, minutes) AS e(instance_id, at)
    EXCEPT SELECT r.instance_id, r.at FROM device_rejections r
    WHERE r.app_id = app AND r.hour >= date_bin('1 hour', from_at, 'epoch') AND r.at >= from_at AND r.at < to_at),
  noted AS (
    INSERT INTO device_rejections AS d (app_id, instance_id, at, hour, previous_at)
    SELECT app, m.instance_id, m.at, date_bin('1 hour', m.at, 'epoch'), coalesce(greatest(
      lag(m.at) OVER (PARTITION BY m.instance_id ORDER BY m.at),
      (SELECT r.at FROM device_rejections r WHERE r.app_id = app AND r.instance_id = m.instance_id AND r.at < m.at
       ORDER BY r.at DESC LIMIT 1)), '-infinity')
    FROM missing m RETURNING d.at, d.previous_at),
  followers AS MATERIALIZED (
    SELECT m.instance_id, next.at, next.previous_at AS was, max(m.at) AS previous_at
    FROM missing m CROSS JOIN LATERAL (
      SELECT r.at, r.previous_at FROM device_rejections r
      WHERE r.app_id = app AND r.instance_id = m.instance_id AND r.at > m.at ORDER BY r.at LIMIT 1) next
    GROUP BY m.instance_id, next.at, next.previous_at),
  relinked AS (
    UPDATE device_rejections r SET previous_at = f.previous_at FROM followers f
    WHERE r.app_id = app AND r.instance_id = f.instance_id AND r.at = f.at
    RETURNING f.at, f.was, f.previous_at),
  counted AS (
    INSERT INTO rejected_device_hours AS s (app_id, hour, previous_hour, devices)
    SELECT app, c.hour, c.link, sum(c.devices)
    FROM (SELECT date_bin('1 hour', at, 'epoch') AS hour, date_bin('1 hour', previous_at, 'epoch') AS link, 1 AS devices
          FROM (SELECT at, previous_at FROM noted UNION ALL SELECT at, previous_at FROM relinked) made
          UNION ALL SELECT date_bin('1 hour', at, 'epoch'), date_bin('1 hour', was, 'epoch'), -1 FROM relinked) c
    WHERE c.link < c.hour GROUP BY c.hour, c.link HAVING sum(c.devices) <> 0
    ON CONFLICT (app_id, hour, previous_hour) DO UPDATE SET devices = s.devices + excluded.devices)
  SELECT count(*)::integer INTO added FROM noted;
  RETURN added;
END;
$$;
--> statement-breakpoint
-- As before, app by app.
CREATE OR REPLACE FUNCTION countersign_note_rejections() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  -- What arrived at the end of a span has committed by then.
  settled constant timestamptz := date_trunc('minute', now() - interval '1 minute');
  first_hour constant timestamptz := date_trunc('hour', now() - interval '73 hours');
  most constant integer := 10000;
  added integer := 0;
  hours integer := 0;
  due record;
  late record;
  told_hours timestamptz[];
  told_rejected bigint[];
  upto timestamptz;
BEGIN
  PERFORM pg_advisory_xact_lock(7310504);
  IF EXISTS (SELECT FROM apps a WHERE NOT EXISTS (SELECT FROM rejection_progress p WHERE p.app_id = a.id)) THEN
    PERFORM countersign_ensure_partitions(first_hour::date, settled::date);
    INSERT INTO rejection_progress (app_id, noted_from, noted_to)
    SELECT a.id, first_hour, first_hour FROM apps a ON CONFLICT DO NOTHING;
  END IF;
  UPDATE rejection_progress p SET noted_from = kept.at, noted_to = greatest(p.noted_to, kept.at)
  FROM (SELECT id, countersign_first_kept_day('minute', id)::timestamptz AS at FROM apps) kept
  WHERE kept.id = p.app_id AND p.noted_from < kept.at;

  FOR due IN SELECT * FROM rejection_progress WHERE noted_to < settled ORDER BY app_id LOOP
    upto := due.noted_to;
    WHILE upto < settled AND added < most LOOP
      added := added + countersign_note_rejections_of(
        due.app_id, greatest(due.noted_from, upto - interval '5 minutes'), least(upto + interval '1 hour', settled));
      upto := least(upto + interval '1 hour', settled);
    END LOOP;
    UPDATE rejection_progress SET noted_to = upto WHERE app_id = due.app_id;
    IF added >= most THEN
      -- Who asks meanwhile would be answered by a plan for empty partitions.
      ANALYZE device_rejections;
      RETURN true;
    END IF;
  END LOOP;

  FOR due IN SELECT * FROM rejection_progress ORDER BY app_id LOOP
    -- The sums are read before the events: they hold no more than these.
    SELECT array_agg(told.hour), array_agg(told.rejected) INTO told_hours, told_rejected FROM (
      SELECT h.hour, summed.rejected
      FROM generate_series(due.noted_from, date_trunc('hour', due.noted_to) - interval '1 hour', interval '1 hour') AS h(hour)
        CROSS JOIN LATERAL (
          SELECT coalesce(sum(s.events), 0)::bigint AS rejected FROM attestation_summary_hours s
          WHERE s.app_id = due.app_id AND s.bucket = h.hour AND s.kind = 'threat' AND s.value = 'rejected') summed) told;
    FOR late IN
      SELECT told.hour, told.rejected FROM unnest(told_hours, told_rejected) AS told(hour, rejected)
        LEFT JOIN rejection_hours_seen seen ON seen.app_id = due.app_id AND seen.hour = told.hour
      WHERE told.rejected <> coalesce(seen.rejected, 0)
      ORDER BY told.hour LIMIT 24 - hours
    LOOP
      added := added + countersign_note_rejections_of(due.app_id, late.hour, late.hour + interval '1 hour');
      INSERT INTO rejection_hours_seen (app_id, hour, rejected) VALUES (due.app_id, late.hour, late.rejected)
      ON CONFLICT (app_id, hour) DO UPDATE SET rejected = excluded.rejected;
      hours := hours + 1;
      IF hours = 24 OR added >= most THEN
        RETURN true;
      END IF;
    END LOOP;
  END LOOP;

  FOR due IN SELECT * FROM rejection_progress LOOP
    DELETE FROM rejected_device_hours s WHERE s.app_id = due.app_id AND s.hour < due.noted_from;
    DELETE FROM rejection_hours_seen s WHERE s.app_id = due.app_id AND s.hour < due.noted_from;
  END LOOP;
  RETURN false;
END;
$$;
--> statement-breakpoint
-- As before, also of what lies on several shards.
CREATE OR REPLACE FUNCTION countersign_delete_expired_rows(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  expired record;
  gone integer;
  total integer := 0;
BEGIN
  FOR expired IN
    SELECT a.id AS app, p.child
    FROM countersign_telemetry_tables() t CROSS JOIN apps a
      CROSS JOIN LATERAL (SELECT countersign_first_kept_day(t.kept, a.id) AS day) first_kept
      CROSS JOIN LATERAL countersign_partitions(t.parent) p
    WHERE first_kept.day > countersign_first_kept_day(t.kept, NULL) AND p.ends_on <= first_kept.day
  LOOP
    -- Of several shards, rows are told apart by their key alone.
    EXECUTE format(CASE WHEN countersign_is_sharded(expired.child)
      THEN 'DELETE FROM %1$I WHERE (subject_id, received_at, id) IN
              (SELECT subject_id, received_at, id FROM %1$I WHERE app_id = $1 LIMIT $2)'
      ELSE 'DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I WHERE app_id = $1 LIMIT $2))' END,
      expired.child) USING expired.app, most - total;
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
    EXIT WHEN total >= most;
  END LOOP;
  RETURN total;
END;
$$;
--> statement-breakpoint
-- As before, with a function that no setting has a say in.
CREATE OR REPLACE FUNCTION countersign_erase_device(device uuid, OUT attestations integer, OUT requests integer, OUT days integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  found_device device_instances%ROWTYPE;
  daily record;
  gone integer;
BEGIN
  DELETE FROM attestation_events WHERE subject_id = device;
  GET DIAGNOSTICS attestations = ROW_COUNT;
  DELETE FROM request_events WHERE subject_id = device;
  GET DIAGNOSTICS requests = ROW_COUNT;
  -- Before the device is locked: whoever waits for this keeps no attestation waiting.
  PERFORM pg_advisory_xact_lock(7310504);
  SELECT * INTO found_device FROM device_instances WHERE id = device FOR UPDATE;
  IF NOT FOUND THEN
    attestations := NULL;
    requests := NULL;
    RETURN;
  END IF;
  DELETE FROM attestation_events WHERE subject_id = device;
  GET DIAGNOSTICS gone = ROW_COUNT;
  attestations := attestations + gone;
  DELETE FROM request_events WHERE subject_id = device;
  GET DIAGNOSTICS gone = ROW_COUNT;
  requests := requests + gone;
  UPDATE rejected_device_days s SET devices = s.devices - 1 FROM device_days d
  WHERE d.app_id = found_device.app_id AND d.instance_id = device AND d.verdict = 'rejected'
    AND s.app_id = d.app_id AND s.day = d.day AND s.previous_day = d.previous_day;
  days := 0;
  FOR daily IN SELECT child, ends_on - 1 AS day FROM countersign_partitions('device_days') LOOP
    EXECUTE format('DELETE FROM %I WHERE app_id = $1 AND day = $2 AND instance_id = $3', daily.child)
      USING found_device.app_id, daily.day, device;
    GET DIAGNOSTICS gone = ROW_COUNT;
    days := days + gone;
  END LOOP;
  UPDATE rejected_device_hours s SET devices = s.devices - linked.devices
  FROM (SELECT r.hour, date_bin('1 hour', r.previous_at, 'epoch') AS previous_hour, count(*) AS devices
        FROM device_rejections r WHERE r.app_id = found_device.app_id AND r.instance_id = device GROUP BY 1, 2) linked
  WHERE s.app_id = found_device.app_id AND s.hour = linked.hour AND s.previous_hour = linked.previous_hour;
  DELETE FROM device_rejections WHERE app_id = found_device.app_id AND instance_id = device;
  DELETE FROM device_instances WHERE id = device;
END;
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION countersign_is_sharded(text), countersign_rows_written_to(text) FROM PUBLIC;
