-- A statement that claims and writes at once ends here where someone lost what it took for granted: nothing is written.
CREATE FUNCTION countersign_require_all_won(all_won boolean) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF all_won IS NOT TRUE THEN
    RAISE EXCEPTION 'a challenge or a counter had been used before' USING ERRCODE = 'CS001';
  END IF;
END;
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION countersign_require_all_won(boolean) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION countersign_require_all_won(boolean) TO countersign_service;
--> statement-breakpoint
-- Rows of these are added to again and again while their bucket lasts: with room in its page for the next version, a row
-- stays there and its index is not touched (HOT).
CREATE FUNCTION countersign_leave_room(parent text, child text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF parent IN ('attestation_rollup_minutes', 'attestation_rollup_hours', 'cell_rollups', 'counter_rollup_minutes',
                'request_rollup_minutes', 'request_rollup_hours') THEN
    EXECUTE format('ALTER TABLE %I SET (fillfactor = 60)', child);
  END IF;
END;
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION countersign_leave_room(text, text) FROM PUBLIC;
--> statement-breakpoint
-- As before, with that room.
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
        PERFORM countersign_leave_room(parent, child);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child, day, day + 1);
        made := made + 1;
      END IF;
    END LOOP;
  END LOOP;
  RETURN made;
END;
$$;
--> statement-breakpoint
SELECT countersign_leave_room(t.parent, p.child)
FROM countersign_telemetry_tables() t CROSS JOIN LATERAL countersign_partitions(t.parent) p;
