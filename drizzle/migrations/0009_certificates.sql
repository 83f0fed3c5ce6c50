CREATE TABLE "origin_probes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"origin_id" uuid NOT NULL,
	"probed_at" timestamp with time zone NOT NULL,
	"requested_by_name" text,
	"outcome" text NOT NULL,
	"address" text,
	"protocol" text,
	"duration_ms" integer NOT NULL,
	"chain" jsonb NOT NULL,
	"findings" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pin_failures" (
	"instance_id" uuid NOT NULL,
	"day" date NOT NULL,
	"host" text NOT NULL,
	"kind" text NOT NULL,
	"network_prefix" text NOT NULL,
	"leaf_pin" text NOT NULL,
	"app_id" text NOT NULL,
	"leaf_subject" text NOT NULL,
	"leaf_issuer" text NOT NULL,
	"leaf_not_after" timestamp with time zone NOT NULL,
	"network_kind" text NOT NULL,
	"asn" integer,
	"country" text,
	"reports" integer NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "pin_failures_instance_id_day_host_kind_network_prefix_leaf_pin_pk" PRIMARY KEY("instance_id","day","host","kind","network_prefix","leaf_pin")
);
--> statement-breakpoint
CREATE TABLE "pin_rotations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"origin_id" uuid NOT NULL,
	"state" text NOT NULL,
	"new_pin" text NOT NULL,
	"old_pin" text NOT NULL,
	"added_in_version" integer NOT NULL,
	"target_share" real NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"started_by_name" text NOT NULL,
	"switched_at" timestamp with time zone,
	"switched_by_name" text,
	"cut_off_at_switch" integer,
	"confirmed_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"ended_by_name" text,
	"retired_in_version" integer
);
--> statement-breakpoint
CREATE TABLE "pin_set_versions" (
	"app_id" text NOT NULL,
	"version" integer NOT NULL,
	"origin_id" uuid NOT NULL,
	"host" text NOT NULL,
	"pins" jsonb NOT NULL,
	"report_only" boolean NOT NULL,
	"reason" text NOT NULL,
	"overridden" text[] NOT NULL,
	"published_by_name" text NOT NULL,
	"published_at" timestamp with time zone NOT NULL,
	"seq" bigint NOT NULL,
	CONSTRAINT "pin_set_versions_app_id_version_pk" PRIMARY KEY("app_id","version")
);
--> statement-breakpoint
CREATE TABLE "protected_origins" (
	"id" uuid PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"host" text NOT NULL,
	"port" integer NOT NULL,
	"server_name" text,
	"include_subdomains" boolean NOT NULL,
	"pin_version" integer,
	"created_at" timestamp with time zone NOT NULL,
	"created_by_name" text NOT NULL,
	"probe_due_at" timestamp with time zone NOT NULL,
	"probe_requested_at" timestamp with time zone,
	"probe_requested_by_name" text
);
--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "config" jsonb DEFAULT '{"pins":[],"protectedOrigins":[]}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "device_instances" ADD COLUMN "config_version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "origin_probes" ADD CONSTRAINT "origin_probes_origin_id_protected_origins_id_fk" FOREIGN KEY ("origin_id") REFERENCES "public"."protected_origins"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pin_failures" ADD CONSTRAINT "pin_failures_instance_id_device_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."device_instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pin_rotations" ADD CONSTRAINT "pin_rotations_origin_id_protected_origins_id_fk" FOREIGN KEY ("origin_id") REFERENCES "public"."protected_origins"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "protected_origins" ADD CONSTRAINT "protected_origins_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "origin_probes_newest" ON "origin_probes" USING btree ("origin_id","probed_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "pin_failures_app" ON "pin_failures" USING btree ("app_id","day","host");--> statement-breakpoint
CREATE UNIQUE INDEX "pin_rotations_one_open" ON "pin_rotations" USING btree ("origin_id") WHERE "pin_rotations"."state" in ('adopting', 'switching', 'confirmed');--> statement-breakpoint
CREATE INDEX "pin_rotations_origin" ON "pin_rotations" USING btree ("origin_id","started_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "pin_set_versions_origin" ON "pin_set_versions" USING btree ("origin_id","version" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "protected_origins_host" ON "protected_origins" USING btree ("app_id","host");--> statement-breakpoint
CREATE INDEX "protected_origins_due" ON "protected_origins" USING btree ("probe_due_at");--> statement-breakpoint
-- Written by hand: values, and who may do what. The console decides about origins, pins and rotations; the service
-- probes, confirms rotations by what it finds, and files what devices report.
ALTER TABLE protected_origins ADD CONSTRAINT protected_origins_port CHECK (port BETWEEN 1 AND 65535);
--> statement-breakpoint
ALTER TABLE pin_rotations ADD CONSTRAINT pin_rotations_two_pins CHECK (new_pin <> old_pin);
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON protected_origins TO countersign_console;
--> statement-breakpoint
GRANT SELECT, INSERT ON pin_set_versions TO countersign_console;
--> statement-breakpoint
GRANT UPDATE (seq) ON pin_set_versions TO countersign_console;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON pin_rotations TO countersign_console;
--> statement-breakpoint
GRANT SELECT ON origin_probes, pin_failures TO countersign_console;
--> statement-breakpoint
GRANT SELECT ON protected_origins, pin_set_versions, pin_rotations TO countersign_service;
--> statement-breakpoint
GRANT UPDATE (probe_due_at, probe_requested_at, probe_requested_by_name) ON protected_origins TO countersign_service;
--> statement-breakpoint
GRANT UPDATE (state, confirmed_at) ON pin_rotations TO countersign_service;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON origin_probes TO countersign_service;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON pin_failures TO countersign_service;
