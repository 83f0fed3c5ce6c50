CREATE TABLE "cell_rollups" (
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"writer" text NOT NULL,
	"cell" uuid NOT NULL,
	"signal" text NOT NULL,
	"platform" text NOT NULL,
	"os_version" text NOT NULL,
	"app_version" text NOT NULL,
	"model" text NOT NULL,
	"country" text NOT NULL,
	"events" bigint NOT NULL,
	CONSTRAINT "cell_rollups_app_id_bucket_writer_cell_signal_pk" PRIMARY KEY("app_id","bucket","writer","cell","signal")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "counter_rollup_minutes" (
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"writer" text NOT NULL,
	"name" text NOT NULL,
	"bin" smallint NOT NULL,
	"events" bigint NOT NULL,
	CONSTRAINT "counter_rollup_minutes_app_id_bucket_writer_name_bin_pk" PRIMARY KEY("app_id","bucket","writer","name","bin")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "request_rollup_hours" (
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"writer" text NOT NULL,
	"api_id" text NOT NULL,
	"outcome" text NOT NULL,
	"network_kind" text NOT NULL,
	"requests" bigint NOT NULL,
	CONSTRAINT "request_rollup_hours_app_id_bucket_writer_api_id_outcome_network_kind_pk" PRIMARY KEY("app_id","bucket","writer","api_id","outcome","network_kind")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "saved_views" (
	"id" uuid PRIMARY KEY NOT NULL,
	"page" text NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL,
	"shared" boolean NOT NULL,
	"created_by" uuid NOT NULL,
	"created_by_name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "retain_event_days" integer DEFAULT 30 NOT NULL;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "retain_minute_days" integer DEFAULT 7 NOT NULL;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "retain_hour_days" integer DEFAULT 400 NOT NULL;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "retain_address_days" integer DEFAULT 30 NOT NULL;--> statement-breakpoint
ALTER TABLE "attestation_events" ADD COLUMN "asn" integer;--> statement-breakpoint
ALTER TABLE "device_instances" ADD COLUMN "asn" integer;--> statement-breakpoint
ALTER TABLE "request_events" ADD COLUMN "asn" integer;--> statement-breakpoint
CREATE INDEX "saved_views_page" ON "saved_views" USING btree ("page","name");
--> statement-breakpoint
-- As before, with the tables that are new.
CREATE OR REPLACE FUNCTION countersign_ensure_partitions(first_day date, last_day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
  FOREACH parent IN ARRAY ARRAY['attestation_events', 'request_events', 'attestation_rollup_minutes',
                                'attestation_rollup_hours', 'request_rollup_minutes', 'request_rollup_hours',
                                'cell_rollups', 'counter_rollup_minutes', 'device_days'] LOOP
    FOR day IN SELECT generate_series(first_day, last_day, interval '1 day')::date LOOP
      child := parent || '_' || to_char(day, 'YYYYMMDD');
      IF to_regclass('public.' || child) IS NULL THEN
        IF parent = 'device_days' THEN
          EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, parent, day, day + 1);
        ELSE
          EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, parent,
                         (day::text || ' 00:00:00+00'), ((day + 1)::text || ' 00:00:00+00'));
        END IF;
        made := made + 1;
      END IF;
    END LOOP;
  END LOOP;
  RETURN made;
END;
$$;
--> statement-breakpoint
GRANT SELECT ON cell_rollups, counter_rollup_minutes, request_rollup_hours TO countersign_console;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON cell_rollups, counter_rollup_minutes, request_rollup_hours TO countersign_service;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_views TO countersign_console;
--> statement-breakpoint
SELECT countersign_ensure_partitions((now() AT TIME ZONE 'UTC')::date - 1, (now() AT TIME ZONE 'UTC')::date + 14);
