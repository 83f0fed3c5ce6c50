CREATE TABLE "app_attest_keys" (
	"app_id" text PRIMARY KEY NOT NULL,
	"key_id" text NOT NULL,
	"sealed_key" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by_name" text NOT NULL,
	"renewed" bigint DEFAULT 0 NOT NULL,
	"refused" bigint DEFAULT 0 NOT NULL,
	"last_renewed_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"paused_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "app_attest_receipts" (
	"instance_id" uuid PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"receipt" "bytea" NOT NULL,
	"type" text NOT NULL,
	"attested_keys" integer,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "status_lists" (
	"id" text PRIMARY KEY NOT NULL,
	"body" "bytea",
	"digest" text,
	"entries" integer DEFAULT 0 NOT NULL,
	"previous_entries" integer,
	"source" text,
	"etag" text,
	"last_modified" text,
	"fetched_at" timestamp with time zone,
	"changed_at" timestamp with time zone,
	"checked_at" timestamp with time zone,
	"next_check_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"max_age_hours" integer DEFAULT 72
);
--> statement-breakpoint
ALTER TABLE "app_attest_keys" ADD CONSTRAINT "app_attest_keys_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app_attest_receipts" ADD CONSTRAINT "app_attest_receipts_instance_id_device_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."device_instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "app_attest_receipts_due" ON "app_attest_receipts" USING btree ("app_id","due_at");--> statement-breakpoint
-- Written by hand from here: who may do what, and the one list that there is.
INSERT INTO status_lists (id) VALUES ('android');
--> statement-breakpoint
ALTER TABLE status_lists
  ADD CONSTRAINT status_lists_whole CHECK ((body IS NULL) = (digest IS NULL) AND (body IS NULL) = (fetched_at IS NULL)),
  ADD CONSTRAINT status_lists_age CHECK (max_age_hours BETWEEN 1 AND 8760);
--> statement-breakpoint
-- The service alone says what is on a list; the console says how old it may be.
GRANT SELECT, UPDATE ON status_lists TO countersign_service;
--> statement-breakpoint
GRANT SELECT (id, digest, entries, previous_entries, source, fetched_at, changed_at, checked_at, next_check_at, attempts,
    last_error, max_age_hours), UPDATE (max_age_hours, next_check_at) ON status_lists TO countersign_console;
--> statement-breakpoint
-- The console writes a team's key and cannot read it.
GRANT INSERT, DELETE ON app_attest_keys TO countersign_console;
--> statement-breakpoint
GRANT SELECT (app_id, key_id, created_at, created_by_name, renewed, refused, last_renewed_at, attempts, last_error,
    paused_until) ON app_attest_keys TO countersign_console;
--> statement-breakpoint
GRANT SELECT, UPDATE ON app_attest_keys TO countersign_service;
--> statement-breakpoint
GRANT SELECT (instance_id, app_id, type, attested_keys, created_at, expires_at, due_at, attempts, last_error)
  ON app_attest_receipts TO countersign_console;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON app_attest_receipts TO countersign_service;
