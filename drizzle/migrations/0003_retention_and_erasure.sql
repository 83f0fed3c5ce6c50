CREATE TABLE "forgotten_addresses" (
	"parent" text NOT NULL,
	"app_id" text NOT NULL,
	"forgotten_to" timestamp with time zone NOT NULL,
	CONSTRAINT "forgotten_addresses_parent_app_id_pk" PRIMARY KEY("parent","app_id")
);
--> statement-breakpoint
CREATE INDEX "request_events_app_received" ON "request_events" USING btree ("app_id","received_at" DESC NULLS LAST,"id" DESC NULLS LAST);
--> statement-breakpoint
-- The tables that are partitioned by day, and which of an app's retentions each obeys.
CREATE FUNCTION countersign_telemetry_tables() RETURNS TABLE (parent text, kept text)
LANGUAGE sql IMMUTABLE AS $$
  VALUES ('attestation_events', 'event'), ('request_events', 'event'),
         ('attestation_rollup_minutes', 'minute'), ('request_rollup_minutes', 'minute'),
         ('counter_rollup_minutes', 'minute'), ('cell_rollups', 'minute'),
         ('attestation_rollup_hours', 'hour'), ('request_rollup_hours', 'hour'), ('device_days', 'hour')
$$;
--> statement-breakpoint
-- The first day (UTC) that is kept of an app, or, without one, of any app: by the database's clock, and never later than
-- yesterday, whatever an app says.
CREATE FUNCTION countersign_first_kept_day(kept text, app text) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT (now() AT TIME ZONE 'UTC')::date - greatest(1, coalesce(
    max(CASE kept WHEN 'event' THEN retain_event_days WHEN 'minute' THEN retain_minute_days
                  WHEN 'hour' THEN retain_hour_days WHEN 'address' THEN retain_address_days END),
    CASE kept WHEN 'minute' THEN 7 WHEN 'hour' THEN 400 ELSE 30 END))
  FROM apps WHERE app IS NULL OR id = app
$$;
--> statement-breakpoint
-- The daily partitions of a table with the day after each, as its bounds say, oldest first.
CREATE FUNCTION countersign_partitions(parent text) RETURNS TABLE (child text, ends_on date)
LANGUAGE sql STABLE SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
  SELECT c.relname::text, (substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \(''([^'']+)''\)'))::timestamptz::date
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = to_regclass('public.' || parent) AND NOT i.inhdetachpending
  ORDER BY 2
$$;
--> statement-breakpoint
-- As before, for every table of the list, and beside the table until it is attached: making a partition in place would
-- wait for everyone who reads the table, and everyone who writes would wait behind that.
CREATE OR REPLACE FUNCTION countersign_ensure_partitions(first_day date, last_day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  parent text;
  day date;
  made integer := 0;
  child text;
BEGIN
  IF last_day - first_day > 400 THEN
    RAISE EXCEPTION 'at most 400 days at once';
  END IF;
  PERFORM pg_advisory_xact_lock(7310500);
  FOR parent IN SELECT t.parent FROM countersign_telemetry_tables() t LOOP
    FOR day IN SELECT generate_series(first_day, last_day, interval '1 day')::date LOOP
      child := parent || '_' || to_char(day, 'YYYYMMDD');
      IF to_regclass('public.' || child) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', child, parent);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child, day, day + 1);
        made := made + 1;
      END IF;
    END LOOP;
  END LOOP;
  RETURN made;
END;
$$;
--> statement-breakpoint
-- Drops one partition that no app keeps any more, the oldest first, and says which; nothing where there is none, or where
-- each is in use: nobody waits for this longer than a tenth of a second.
CREATE FUNCTION countersign_drop_expired_partition() RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
  expired record;
BEGIN
  FOR expired IN
    SELECT DISTINCT ON (t.parent) t.parent, p.child
    FROM countersign_telemetry_tables() t CROSS JOIN LATERAL countersign_partitions(t.parent) p
    WHERE p.ends_on <= countersign_first_kept_day(t.kept, NULL)
    ORDER BY t.parent, p.ends_on
  LOOP
    BEGIN
      EXECUTE format('DROP TABLE %I', expired.child);
      RETURN expired.child;
    EXCEPTION WHEN lock_not_available THEN
      CONTINUE;
    END;
  END LOOP;
  RETURN NULL;
END;
$$;
--> statement-breakpoint
-- Deletes some of what apps keep for less long than others, and says how many rows; none are left where it is fewer than
-- it might have been.
CREATE FUNCTION countersign_delete_expired_rows(most integer) RETURNS integer
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
    EXECUTE format('DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I WHERE app_id = $1 LIMIT $2))',
                   expired.child) USING expired.app, most - total;
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
    EXIT WHEN total >= most;
  END LOOP;
  RETURN total;
END;
$$;
--> statement-breakpoint
-- Forgets the addresses of some rows that are older than their app keeps addresses: of one table and one app, from where
-- it stopped the last time. What names no app obeys the shortest retention of all. `finished` where nothing is left.
CREATE FUNCTION countersign_forget_addresses(most integer, OUT forgotten integer, OUT finished boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  due record;
  of_app text;
  seen integer;
  upto timestamptz;
BEGIN
  SELECT t.parent, t.clock, t.hash, a.id AS app, a.cutoff, coalesce(f.forgotten_to, '-infinity') AS since INTO due
  FROM (VALUES ('attestation_events', 'received_at', ', address_hash'), ('request_events', 'received_at', ', address_hash'),
               ('device_instances', 'listed_at', '')) t(parent, clock, hash)
    CROSS JOIN (
      SELECT id, countersign_first_kept_day('address', id)::timestamptz AS cutoff FROM apps
      UNION ALL SELECT '', max(countersign_first_kept_day('address', id))::timestamptz FROM apps
    ) a
    LEFT JOIN forgotten_addresses f ON f.parent = t.parent AND f.app_id = a.id
  WHERE (a.id <> '' OR t.parent = 'request_events') AND coalesce(f.forgotten_to, '-infinity') < a.cutoff
  ORDER BY t.parent, a.id LIMIT 1;
  forgotten := 0;
  finished := NOT FOUND;
  IF finished THEN
    RETURN;
  END IF;
  of_app := CASE due.app WHEN '' THEN 'app_id IS NULL' ELSE format('app_id = %L', due.app) END;
  EXECUTE format('SELECT count(*), max(at) + interval ''1 microsecond'' FROM (SELECT %1$I AS at FROM %2$I
                  WHERE %3$s AND %1$I >= $1 AND %1$I < $2 ORDER BY %1$I LIMIT $3) s', due.clock, due.parent, of_app)
    INTO seen, upto USING due.since, due.cutoff, most;
  IF seen < most THEN
    upto := due.cutoff;
  END IF;
  IF due.parent = 'device_instances' THEN
    -- In the order of their ids, as attestations lock them.
    PERFORM 1 FROM device_instances WHERE app_id = due.app AND listed_at >= due.since AND listed_at < upto
      ORDER BY id FOR NO KEY UPDATE;
  END IF;
  EXECUTE format('UPDATE %2$I SET (network_prefix, asn%4$s) = ROW(%5$s) WHERE %3$s AND %1$I >= $1 AND %1$I < $2
                  AND num_nonnulls(network_prefix, asn%4$s) > 0', due.clock, due.parent, of_app, due.hash,
                 CASE due.hash WHEN '' THEN 'NULL, NULL' ELSE 'NULL, NULL, NULL' END) USING due.since, upto;
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  INSERT INTO forgotten_addresses AS f (parent, app_id, forgotten_to) VALUES (due.parent, due.app, upto)
    ON CONFLICT ON CONSTRAINT forgotten_addresses_parent_app_id_pk DO UPDATE SET forgotten_to = excluded.forgotten_to;
END;
$$;
--> statement-breakpoint
-- Erases what is stored of one device, and says how much; nothing where there is no such device. Blocks stay, so that it
-- stays blocked, and rollups, which name nobody. What attests at the same time is erased too, or finds the device gone:
-- it locks the device before it writes. Most is deleted before that lock, so that nobody waits for it for long.
CREATE FUNCTION countersign_erase_device(device uuid, OUT attestations integer, OUT requests integer, OUT days integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found_device device_instances%ROWTYPE;
  daily record;
  gone integer;
BEGIN
  DELETE FROM attestation_events WHERE subject_id = device;
  GET DIAGNOSTICS attestations = ROW_COUNT;
  DELETE FROM request_events WHERE subject_id = device;
  GET DIAGNOSTICS requests = ROW_COUNT;
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
  days := 0;
  FOR daily IN SELECT child, ends_on - 1 AS day FROM countersign_partitions('device_days') LOOP
    EXECUTE format('DELETE FROM %I WHERE app_id = $1 AND day = $2 AND instance_id = $3', daily.child)
      USING found_device.app_id, daily.day, device;
    GET DIAGNOSTICS gone = ROW_COUNT;
    days := days + gone;
  END LOOP;
  DELETE FROM device_instances WHERE id = device;
END;
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION countersign_telemetry_tables(), countersign_first_kept_day(text, text),
  countersign_partitions(text), countersign_drop_expired_partition(), countersign_delete_expired_rows(integer),
  countersign_forget_addresses(integer), countersign_erase_device(uuid) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION countersign_drop_expired_partition(), countersign_delete_expired_rows(integer),
  countersign_forget_addresses(integer) TO countersign_service;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION countersign_erase_device(uuid) TO countersign_console;
