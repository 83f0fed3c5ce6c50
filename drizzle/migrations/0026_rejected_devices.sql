CREATE TABLE "rejected_devices" (
	"app_id" text NOT NULL,
	"instance_id" uuid NOT NULL,
	"day" date NOT NULL,
	"previous_day" date NOT NULL,
	CONSTRAINT "rejected_devices_app_id_instance_id_pk" PRIMARY KEY("app_id","instance_id")
);
--> statement-breakpoint
DROP INDEX "attestation_events_rejected";--> statement-breakpoint
DROP INDEX "device_days_rejected";--> statement-breakpoint
ALTER TABLE "device_days" ADD COLUMN "previous_day" date DEFAULT '0001-01-01' NOT NULL;--> statement-breakpoint
-- Links what is there. What a node that does not know of links still writes is linked by the scheduled work.
UPDATE device_days d SET previous_day = linked.previous_day
FROM (SELECT app_id, day, instance_id, verdict,
        coalesce(lag(day) OVER (PARTITION BY app_id, instance_id ORDER BY day), '-infinity') AS previous_day
      FROM device_days WHERE verdict = 'rejected') linked
WHERE d.app_id = linked.app_id AND d.day = linked.day AND d.instance_id = linked.instance_id AND d.verdict = linked.verdict;
--> statement-breakpoint
INSERT INTO rejected_devices (app_id, instance_id, day, previous_day)
SELECT DISTINCT ON (app_id, instance_id) app_id, instance_id, day, previous_day
FROM device_days WHERE verdict = 'rejected' ORDER BY app_id, instance_id, day DESC;
--> statement-breakpoint
CREATE INDEX "rejected_devices_day" ON "rejected_devices" USING btree ("app_id","day");--> statement-breakpoint
CREATE INDEX "device_days_unlinked" ON "device_days" USING btree ("app_id","day","instance_id") WHERE "device_days"."verdict" = 'rejected' and "device_days"."previous_day" = '0001-01-01';--> statement-breakpoint
CREATE INDEX "attestation_events_rejected" ON "attestation_events" USING btree ("app_id","received_at" DESC NULLS LAST,"instance_id","deciding_threat","platform","os_version","app_version","country","network_kind","policy_version") WHERE "attestation_events"."verdict" = 'rejected';--> statement-breakpoint
CREATE INDEX "device_days_rejected" ON "device_days" USING btree ("app_id","previous_day","day") WHERE "device_days"."verdict" = 'rejected';
--> statement-breakpoint
-- Links the rejected days of at most `most` instances of which some are not linked: of writers that know of no links, and of
-- days that came after later ones. Whoever writes a rejected day of an instance holds its row here, and so do we. Returns how many.
CREATE FUNCTION countersign_link_rejected_days(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  found_ids uuid[];
BEGIN
  SELECT coalesce(array_agg(instance_id), '{}') INTO found_ids FROM (
    SELECT DISTINCT d.instance_id FROM device_days d
    WHERE d.verdict = 'rejected' AND d.previous_day = '0001-01-01'
      AND EXISTS (SELECT FROM device_instances i WHERE i.id = d.instance_id)
    LIMIT most) unlinked;
  -- Of those that are not erased meanwhile.
  SELECT coalesce(array_agg(id), '{}') INTO found_ids FROM (
    SELECT id FROM device_instances WHERE id = ANY (found_ids) ORDER BY id FOR KEY SHARE) kept;
  IF found_ids = '{}' THEN
    RETURN 0;
  END IF;
  INSERT INTO rejected_devices (app_id, instance_id, day, previous_day)
  SELECT app_id, id, '-infinity', '-infinity' FROM device_instances WHERE id = ANY (found_ids) ORDER BY app_id, id
  ON CONFLICT DO NOTHING;
  PERFORM FROM rejected_devices r JOIN device_instances i ON r.app_id = i.app_id AND r.instance_id = i.id
  WHERE i.id = ANY (found_ids) ORDER BY r.app_id, r.instance_id FOR NO KEY UPDATE OF r;
  UPDATE device_days d SET previous_day = linked.previous_day
  FROM (SELECT e.app_id, e.day, e.instance_id,
          coalesce(lag(e.day) OVER (PARTITION BY e.app_id, e.instance_id ORDER BY e.day), '-infinity') AS previous_day
        FROM device_days e JOIN device_instances i ON e.app_id = i.app_id AND e.instance_id = i.id
        WHERE i.id = ANY (found_ids) AND e.verdict = 'rejected') linked
  WHERE d.app_id = linked.app_id AND d.day = linked.day AND d.instance_id = linked.instance_id AND d.verdict = 'rejected'
    AND d.previous_day <> linked.previous_day;
  UPDATE rejected_devices r SET day = last.day, previous_day = last.previous_day
  FROM (SELECT DISTINCT ON (e.app_id, e.instance_id) e.app_id, e.instance_id, e.day, e.previous_day
        FROM device_days e JOIN device_instances i ON e.app_id = i.app_id AND e.instance_id = i.id
        WHERE i.id = ANY (found_ids) AND e.verdict = 'rejected'
        ORDER BY e.app_id, e.instance_id, e.day DESC) last
  WHERE r.app_id = last.app_id AND r.instance_id = last.instance_id;
  RETURN cardinality(found_ids);
END;
$$;
--> statement-breakpoint
-- Forgets at most `most` instances of which no rejected day is kept any more. Returns how many.
CREATE FUNCTION countersign_forget_rejected_devices(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  gone integer;
BEGIN
  DELETE FROM rejected_devices r USING (
    SELECT old.app_id, old.instance_id FROM apps a CROSS JOIN LATERAL (
      SELECT app_id, instance_id FROM rejected_devices
      WHERE app_id = a.id AND day < countersign_first_kept_day('hour', a.id) LIMIT most) old
    LIMIT most) expired
  WHERE r.app_id = expired.app_id AND r.instance_id = expired.instance_id
    AND r.day < countersign_first_kept_day('hour', r.app_id);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END;
$$;
--> statement-breakpoint
-- An erased device leaves nothing here either. Runs under the lock of the device, so that nothing can come after it.
CREATE FUNCTION countersign_forget_rejections() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM rejected_devices WHERE app_id = OLD.app_id AND instance_id = OLD.id;
  RETURN NULL;
END;
$$;
--> statement-breakpoint
CREATE TRIGGER device_instances_forget_rejections AFTER DELETE ON device_instances
  FOR EACH ROW EXECUTE FUNCTION countersign_forget_rejections();
--> statement-breakpoint
REVOKE ALL ON FUNCTION countersign_link_rejected_days(integer), countersign_forget_rejected_devices(integer),
  countersign_forget_rejections() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION countersign_link_rejected_days(integer), countersign_forget_rejected_devices(integer)
  TO countersign_service;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION countersign_first_kept_day(text, text) TO countersign_console;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON rejected_devices TO countersign_service;
