DROP INDEX "attestation_events_rejected";--> statement-breakpoint
DROP INDEX "device_days_rejected";--> statement-breakpoint
ALTER TABLE "device_days" ADD COLUMN "previous_day" date;--> statement-breakpoint
CREATE INDEX "counter_rollup_minutes_rule_failed" ON "counter_rollup_minutes" USING btree ("bucket","app_id") WHERE starts_with("counter_rollup_minutes"."name", 'rule_failed ');--> statement-breakpoint
CREATE INDEX "device_days_rejected_instance" ON "device_days" USING btree ("app_id","instance_id","day") WHERE "device_days"."verdict" = 'rejected';--> statement-breakpoint
CREATE INDEX "attestation_events_rejected" ON "attestation_events" USING btree ("app_id","received_at" DESC NULLS LAST,"instance_id","deciding_threat","platform","os_version","app_version","country","network_kind","policy_version") WHERE "attestation_events"."verdict" = 'rejected';--> statement-breakpoint
CREATE INDEX "device_days_rejected" ON "device_days" USING btree ("app_id","previous_day","day") WHERE "device_days"."verdict" = 'rejected';--> statement-breakpoint
-- Links at most `most` rejected days that are not linked yet, together with the other days of their instances: what has come
-- since between two of them is linked here as well. Whoever erases an instance has it alone. Returns how many there were.
CREATE FUNCTION countersign_link_rejected_days(most integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH unlinked AS MATERIALIZED (
    SELECT found.app_id, found.instance_id FROM apps a CROSS JOIN LATERAL (
      SELECT d.app_id, d.instance_id FROM device_days d
      WHERE d.app_id = a.id AND d.verdict = 'rejected' AND d.previous_day IS NULL
        AND EXISTS (SELECT FROM device_instances i WHERE i.id = d.instance_id) LIMIT most) found
    LIMIT most),
  held AS MATERIALIZED (
    SELECT id FROM device_instances WHERE id IN (SELECT instance_id FROM unlinked) FOR KEY SHARE SKIP LOCKED),
  linked AS (
    SELECT d.app_id, d.instance_id, d.day,
      coalesce(lag(d.day) OVER (PARTITION BY d.app_id, d.instance_id ORDER BY d.day), '-infinity') AS previous_day
    FROM (SELECT DISTINCT app_id, instance_id FROM unlinked WHERE instance_id IN (SELECT id FROM held)) u
      JOIN device_days d ON d.app_id = u.app_id AND d.instance_id = u.instance_id AND d.verdict = 'rejected'),
  changed AS (
    UPDATE device_days d SET previous_day = linked.previous_day FROM linked
    WHERE d.app_id = linked.app_id AND d.day = linked.day AND d.instance_id = linked.instance_id AND d.verdict = 'rejected'
      AND d.previous_day IS DISTINCT FROM linked.previous_day)
  SELECT count(*)::integer FROM unlinked;
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION countersign_link_rejected_days(integer) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION countersign_link_rejected_days(integer) TO countersign_service;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION countersign_first_kept_day(text, text) TO countersign_console;
