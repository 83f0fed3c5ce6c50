CREATE TABLE "device_rejections" (
	"app_id" text NOT NULL,
	"instance_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"previous_at" timestamp with time zone NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	CONSTRAINT "device_rejections_app_id_instance_id_at_pk" PRIMARY KEY("app_id","instance_id","at")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE "rejected_device_days" (
	"app_id" text NOT NULL,
	"day" date NOT NULL,
	"previous_day" date NOT NULL,
	"devices" integer NOT NULL,
	CONSTRAINT "rejected_device_days_app_id_day_previous_day_pk" PRIMARY KEY("app_id","day","previous_day")
);
--> statement-breakpoint
CREATE TABLE "rejected_device_hours" (
	"app_id" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"previous_hour" timestamp with time zone NOT NULL,
	"devices" integer NOT NULL,
	CONSTRAINT "rejected_device_hours_app_id_hour_previous_hour_pk" PRIMARY KEY("app_id","hour","previous_hour")
);
--> statement-breakpoint
CREATE TABLE "rejection_hours_seen" (
	"app_id" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"rejected" bigint NOT NULL,
	CONSTRAINT "rejection_hours_seen_app_id_hour_pk" PRIMARY KEY("app_id","hour")
);
--> statement-breakpoint
CREATE TABLE "rejection_progress" (
	"app_id" text PRIMARY KEY NOT NULL,
	"noted_from" timestamp with time zone NOT NULL,
	"noted_to" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "device_rejections_hour" ON "device_rejections" USING btree ("app_id","hour","at","previous_at");--> statement-breakpoint
CREATE INDEX "device_rejections_previous" ON "device_rejections" USING btree ("app_id","previous_at","at");
--> statement-breakpoint
-- As before, with the minutes in which devices were rejected.
CREATE OR REPLACE FUNCTION countersign_telemetry_tables() RETURNS TABLE (parent text, kept text)
LANGUAGE sql IMMUTABLE AS $$
  VALUES ('attestation_events', 'event'), ('request_events', 'event'),
         ('attestation_rollup_minutes', 'minute'), ('request_rollup_minutes', 'minute'),
         ('counter_rollup_minutes', 'minute'), ('cell_rollups', 'minute'), ('cell_marginals', 'minute'), ('cell_hours', 'event'),
         ('attestation_summary_minutes', 'minute'), ('attestation_summary_five_minutes', 'minute'),
         ('device_rejections', 'minute'),
         ('attestation_rollup_hours', 'hour'), ('request_rollup_hours', 'hour'), ('device_days', 'hour'),
         ('attestation_summary_hours', 'hour'), ('attestation_rollup_days', 'hour'), ('attestation_rollup_weeks', 'hour'),
         ('attestation_facet_days', 'hour'), ('attestation_facet_hours', 'hour'),
         ('archived_evidence', 'archive')
$$;
--> statement-breakpoint
-- As before, one at a time, and the links of each day are counted, of apps whose links are. Counts of days go when nothing is left
-- of the day.
CREATE OR REPLACE FUNCTION countersign_link_rejected_days(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  seen integer;
BEGIN
  PERFORM pg_advisory_xact_lock(7310504);
  WITH unlinked AS MATERIALIZED (
    SELECT found.app_id, found.instance_id FROM apps a CROSS JOIN LATERAL (
      SELECT d.app_id, d.instance_id FROM device_days d
      WHERE d.app_id = a.id AND d.verdict = 'rejected' AND d.previous_day IS NULL
        AND EXISTS (SELECT FROM device_instances i WHERE i.id = d.instance_id) LIMIT most) found
    LIMIT most),
  held AS MATERIALIZED (
    SELECT id FROM device_instances WHERE id IN (SELECT instance_id FROM unlinked) FOR KEY SHARE SKIP LOCKED),
  linked AS (
    SELECT d.app_id, d.instance_id, d.day, d.previous_day AS was,
      coalesce(lag(d.day) OVER (PARTITION BY d.app_id, d.instance_id ORDER BY d.day), '-infinity') AS previous_day
    FROM (SELECT DISTINCT app_id, instance_id FROM unlinked WHERE instance_id IN (SELECT id FROM held)) u
      JOIN device_days d ON d.app_id = u.app_id AND d.instance_id = u.instance_id AND d.verdict = 'rejected'),
  changed AS (
    UPDATE device_days d SET previous_day = linked.previous_day FROM linked
    WHERE d.app_id = linked.app_id AND d.day = linked.day AND d.instance_id = linked.instance_id AND d.verdict = 'rejected'
      AND d.previous_day IS DISTINCT FROM linked.previous_day
    RETURNING linked.app_id, linked.day, linked.was, linked.previous_day),
  counted AS (
    INSERT INTO rejected_device_days AS s (app_id, day, previous_day, devices)
    SELECT c.app_id, c.day, c.link, sum(c.devices)
    FROM (SELECT app_id, day, previous_day AS link, 1 AS devices FROM changed
          UNION ALL SELECT app_id, day, was, -1 FROM changed WHERE was IS NOT NULL) c
    WHERE EXISTS (SELECT FROM rejected_device_days s WHERE s.app_id = c.app_id)
    GROUP BY c.app_id, c.day, c.link HAVING sum(c.devices) <> 0
    ON CONFLICT ON CONSTRAINT rejected_device_days_app_id_day_previous_day_pk
      DO UPDATE SET devices = s.devices + excluded.devices)
  SELECT count(*)::integer INTO seen FROM unlinked;

  DELETE FROM rejected_device_days s USING apps a
  WHERE a.id = s.app_id AND s.day < countersign_first_kept_day('hour', a.id)
    AND NOT EXISTS (SELECT FROM device_days d WHERE d.app_id = s.app_id AND d.day = s.day);
  RETURN seen;
END;
$$;
--> statement-breakpoint
-- Counts the links of one app of which none are counted: what was linked before that was done, and an app's first. Returns how
-- many apps that was.
CREATE FUNCTION countersign_count_linked_days() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  uncounted text;
BEGIN
  PERFORM pg_advisory_xact_lock(7310504);
  SELECT a.id INTO uncounted FROM apps a
  WHERE NOT EXISTS (SELECT FROM rejected_device_days s WHERE s.app_id = a.id)
    AND EXISTS (SELECT FROM device_days d WHERE d.app_id = a.id AND d.verdict = 'rejected' AND d.previous_day IS NOT NULL)
  LIMIT 1;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  INSERT INTO rejected_device_days (app_id, day, previous_day, devices)
  SELECT d.app_id, d.day, d.previous_day, count(*) FROM device_days d
  WHERE d.app_id = uncounted AND d.verdict = 'rejected' AND d.previous_day IS NOT NULL
  GROUP BY d.app_id, d.day, d.previous_day;
  RETURN 1;
END;
$$;
--> statement-breakpoint
-- Notes in which minutes of a span which devices of an app were rejected, as far as that is not noted yet, and links each of
-- them, and what follows it, to the one before. Spans are of whole minutes. Returns how many were new. It is planned each time,
-- and by indexes: a plan from when the day's partition was empty would read all of it for each row.
CREATE FUNCTION countersign_note_rejections_of(app text, from_at timestamptz, to_at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC'
SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
DECLARE
  added integer;
BEGIN
  WITH missing AS MATERIALIZED (
    SELECT e.instance_id, date_trunc('minute', e.received_at) AS at FROM attestation_events e
    WHERE e.app_id = app AND e.verdict = 'rejected' AND e.received_at >= from_at AND e.received_at < to_at
      AND e.instance_id IS NOT NULL
    EXCEPT SELECT r.instance_id, r.at FROM device_rejections r
    WHERE r.app_id = app AND r.hour >= date_trunc('hour', from_at) AND r.at >= from_at AND r.at < to_at),
  noted AS (
    INSERT INTO device_rejections AS d (app_id, instance_id, at, hour, previous_at)
    SELECT app, m.instance_id, m.at, date_trunc('hour', m.at), coalesce(greatest(
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
    FROM (SELECT date_trunc('hour', at) AS hour, date_trunc('hour', previous_at) AS link, 1 AS devices
          FROM (SELECT at, previous_at FROM noted UNION ALL SELECT at, previous_at FROM relinked) made
          UNION ALL SELECT date_trunc('hour', at), date_trunc('hour', was), -1 FROM relinked) c
    WHERE c.link < c.hour GROUP BY c.hour, c.link HAVING sum(c.devices) <> 0
    ON CONFLICT ON CONSTRAINT rejected_device_hours_app_id_hour_previous_hour_pk
      DO UPDATE SET devices = s.devices + excluded.devices)
  SELECT count(*)::integer INTO added FROM noted;
  RETURN added;
END;
$$;
--> statement-breakpoint
-- Notes some of the rejections that are not noted yet, of each app from where it stopped, at first from three days back:
-- windows of a day reach two days back with the one before. What committed late is found within five minutes, or once its hour is
-- summed, or summed again. Returns whether there may be more.
CREATE FUNCTION countersign_note_rejections() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  -- What arrived at the end of a span has committed by then.
  settled constant timestamptz := date_trunc('minute', now() - interval '1 minute');
  first_hour constant timestamptz := date_trunc('hour', now() - interval '73 hours');
  most constant integer := 10000;
  added integer := 0;
  hours integer := 0;
  due record;
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

  -- The sums are read before the events: they hold no more than these.
  FOR due IN
    SELECT p.app_id, h.hour, told.rejected
    FROM rejection_progress p
      CROSS JOIN LATERAL generate_series(
        p.noted_from, date_trunc('hour', p.noted_to) - interval '1 hour', interval '1 hour') AS h(hour)
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(s.events), 0)::bigint AS rejected FROM attestation_summary_hours s
        WHERE s.app_id = p.app_id AND s.bucket = h.hour AND s.kind = 'threat' AND s.value = 'rejected') told
      LEFT JOIN rejection_hours_seen seen ON seen.app_id = p.app_id AND seen.hour = h.hour
    WHERE told.rejected <> coalesce(seen.rejected, 0)
    ORDER BY p.app_id, h.hour LIMIT 24
  LOOP
    added := added + countersign_note_rejections_of(due.app_id, due.hour, due.hour + interval '1 hour');
    INSERT INTO rejection_hours_seen (app_id, hour, rejected) VALUES (due.app_id, due.hour, due.rejected)
    ON CONFLICT (app_id, hour) DO UPDATE SET rejected = excluded.rejected;
    hours := hours + 1;
    IF hours = 24 OR added >= most THEN
      RETURN true;
    END IF;
  END LOOP;

  DELETE FROM rejected_device_hours s USING rejection_progress p WHERE p.app_id = s.app_id AND s.hour < p.noted_from;
  DELETE FROM rejection_hours_seen s USING rejection_progress p WHERE p.app_id = s.app_id AND s.hour < p.noted_from;
  RETURN false;
END;
$$;
--> statement-breakpoint
-- As before, and its days and minutes are taken out of the counts. Nobody links meanwhile, so that each is in them as it is linked.
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
  FROM (SELECT r.hour, date_trunc('hour', r.previous_at) AS previous_hour, count(*) AS devices
        FROM device_rejections r WHERE r.app_id = found_device.app_id AND r.instance_id = device GROUP BY 1, 2) linked
  WHERE s.app_id = found_device.app_id AND s.hour = linked.hour AND s.previous_hour = linked.previous_hour;
  DELETE FROM device_rejections WHERE app_id = found_device.app_id AND instance_id = device;
  DELETE FROM device_instances WHERE id = device;
END;
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION countersign_count_linked_days(), countersign_note_rejections_of(text, timestamptz, timestamptz),
  countersign_note_rejections() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION countersign_count_linked_days(), countersign_note_rejections() TO countersign_service;
--> statement-breakpoint
GRANT SELECT ON rejected_device_days, device_rejections, rejected_device_hours, rejection_progress TO countersign_console;
--> statement-breakpoint
SELECT countersign_ensure_partitions((now() AT TIME ZONE 'UTC')::date - 1, (now() AT TIME ZONE 'UTC')::date + 14);
