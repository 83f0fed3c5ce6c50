CREATE TABLE "app_integrity" (
	"app_id" text PRIMARY KEY NOT NULL,
	"sealed_keys" text,
	"keys_set_at" timestamp with time zone,
	"sealed_account" text,
	"account_set_at" timestamp with time zone,
	"account_email" text,
	"daily_quota" integer NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"updated_by_name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "archived_evidence" (
	"subject_id" uuid NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"id" uuid NOT NULL,
	"app_id" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	CONSTRAINT "archived_evidence_subject_id_received_at_id_pk" PRIMARY KEY("subject_id","received_at","id")
) PARTITION BY RANGE ("received_at");
--> statement-breakpoint
CREATE TABLE "case_exports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"event_id" uuid NOT NULL,
	"public_jwk" jsonb NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"sealed_case" text,
	"failure" text
);
--> statement-breakpoint
CREATE TABLE "integrity_usage" (
	"app_id" text NOT NULL,
	"day" date NOT NULL,
	"calls" integer NOT NULL,
	"exhausted" integer NOT NULL,
	CONSTRAINT "integrity_usage_app_id_day_pk" PRIMARY KEY("app_id","day")
);
--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "archive_days" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "integrity_request" text;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "integrity_revision" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "device_instances" ADD COLUMN "integrity" jsonb;--> statement-breakpoint
ALTER TABLE "app_integrity" ADD CONSTRAINT "app_integrity_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "case_exports_requested" ON "case_exports" USING btree ("requested_at");
--> statement-breakpoint
-- Written by hand from here: what each state must hold, who may do what, the retention and the erasure of raw evidence.
ALTER TABLE app_integrity
  ADD CONSTRAINT app_integrity_keys CHECK ((sealed_keys IS NULL) = (keys_set_at IS NULL)),
  ADD CONSTRAINT app_integrity_account CHECK ((sealed_account IS NULL) = (account_set_at IS NULL)),
  ADD CONSTRAINT app_integrity_quota CHECK (daily_quota BETWEEN 1 AND 100000000);
--> statement-breakpoint
ALTER TABLE apps ADD CONSTRAINT apps_archive_days CHECK (archive_days BETWEEN 0 AND 400);
--> statement-breakpoint
-- As before, with raw evidence, which an app keeps for as long as its owner says.
CREATE OR REPLACE FUNCTION countersign_telemetry_tables() RETURNS TABLE (parent text, kept text)
LANGUAGE sql IMMUTABLE AS $$
  VALUES ('attestation_events', 'event'), ('request_events', 'event'),
         ('attestation_rollup_minutes', 'minute'), ('request_rollup_minutes', 'minute'),
         ('counter_rollup_minutes', 'minute'), ('cell_rollups', 'minute'), ('attestation_summary_minutes', 'minute'),
         ('attestation_rollup_hours', 'hour'), ('request_rollup_hours', 'hour'), ('device_days', 'hour'),
         ('attestation_summary_hours', 'hour'), ('attestation_rollup_days', 'hour'), ('archived_evidence', 'archive')
$$;
--> statement-breakpoint
-- As before, with raw evidence. Where an app keeps none any more, what it had goes with the next day; the partition of
-- yesterday, which is made anew whenever it is missing, stays.
CREATE OR REPLACE FUNCTION countersign_first_kept_day(kept text, app text) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT (now() AT TIME ZONE 'UTC')::date - greatest(CASE WHEN kept = 'archive' AND app IS NOT NULL THEN 0 ELSE 1 END, least(36500, coalesce(
    max(CASE kept WHEN 'event' THEN retain_event_days WHEN 'minute' THEN retain_minute_days
                  WHEN 'hour' THEN retain_hour_days WHEN 'address' THEN retain_address_days
                  WHEN 'archive' THEN archive_days END),
    CASE kept WHEN 'minute' THEN 7 WHEN 'hour' THEN 400 WHEN 'archive' THEN 0 ELSE 30 END)))
  FROM apps WHERE app IS NULL OR id = app
$$;
--> statement-breakpoint
-- An erased device leaves no raw evidence either. Runs under the lock of the device, so that nothing can come after it.
CREATE FUNCTION countersign_forget_evidence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM archived_evidence WHERE subject_id = OLD.id;
  DELETE FROM case_exports WHERE subject_id = OLD.id;
  RETURN NULL;
END;
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION countersign_forget_evidence() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER device_instances_forget_evidence AFTER DELETE ON device_instances
  FOR EACH ROW EXECUTE FUNCTION countersign_forget_evidence();
--> statement-breakpoint
-- The console writes secrets and reads none, and knows of raw evidence only that it is there.
GRANT SELECT (app_id, keys_set_at, account_set_at, account_email, daily_quota, updated_at, updated_by_name),
  INSERT, UPDATE ON app_integrity TO countersign_console;
--> statement-breakpoint
GRANT SELECT ON integrity_usage TO countersign_console;
--> statement-breakpoint
GRANT SELECT (subject_id, received_at, id, app_id) ON archived_evidence TO countersign_console;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON case_exports TO countersign_console;
--> statement-breakpoint
GRANT SELECT ON app_integrity TO countersign_service;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON integrity_usage TO countersign_service;
--> statement-breakpoint
GRANT SELECT, INSERT ON archived_evidence TO countersign_service;
--> statement-breakpoint
GRANT SELECT, UPDATE, DELETE ON case_exports TO countersign_service;
--> statement-breakpoint
SELECT countersign_ensure_partitions((now() AT TIME ZONE 'UTC')::date - 1, (now() AT TIME ZONE 'UTC')::date + 14);
