CREATE TABLE "block_batch_targets" (
	"batch_id" uuid NOT NULL,
	"instance_id" uuid NOT NULL,
	"app_id" text NOT NULL,
	CONSTRAINT "block_batch_targets_batch_id_instance_id_pk" PRIMARY KEY("batch_id","instance_id")
);
--> statement-breakpoint
CREATE TABLE "block_batches" (
	"id" uuid PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"query" jsonb NOT NULL,
	"reason" text NOT NULL,
	"expires_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_by_name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"devices" integer NOT NULL,
	"handled" integer NOT NULL,
	"blocked" integer NOT NULL,
	"lifted" integer NOT NULL,
	"seq" bigint,
	CONSTRAINT "block_batches_counts" CHECK ("block_batches"."handled" between 0 and "block_batches"."devices")
);
--> statement-breakpoint
CREATE TABLE "block_hits" (
	"block_id" uuid NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"writer" text NOT NULL,
	"attestations" bigint NOT NULL,
	"requests" bigint NOT NULL,
	CONSTRAINT "block_hits_block_id_hour_writer_pk" PRIMARY KEY("block_id","hour","writer")
);
--> statement-breakpoint
DROP INDEX "blocks_one_active";--> statement-breakpoint
ALTER TABLE "blocks" ALTER COLUMN "app_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "blocks" ADD COLUMN "effect" text DEFAULT 'refuse' NOT NULL;--> statement-breakpoint
ALTER TABLE "blocks" ADD COLUMN "origin" text DEFAULT 'person' NOT NULL;--> statement-breakpoint
ALTER TABLE "blocks" ADD COLUMN "owner" text;--> statement-breakpoint
ALTER TABLE "blocks" ADD COLUMN "batch_id" uuid;--> statement-breakpoint
CREATE INDEX "block_hits_hour" ON "block_hits" USING btree ("hour");--> statement-breakpoint
CREATE INDEX "blocks_batch" ON "blocks" USING btree ("batch_id") WHERE "blocks"."batch_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "blocks_one_active" ON "blocks" USING btree ("scope","target",coalesce("app_id", ''),"effect") WHERE "blocks"."lifted_at" is null;
--> statement-breakpoint
-- Written by hand. An allowlist entry has somebody who answers for it, and an end; what is of one app names it.
ALTER TABLE blocks ADD CONSTRAINT blocks_allow_is_answered_for
  CHECK (effect <> 'allow' OR (owner IS NOT NULL AND expires_at IS NOT NULL));
--> statement-breakpoint
ALTER TABLE blocks ADD CONSTRAINT blocks_of_one_app
  CHECK (app_id IS NOT NULL OR scope NOT IN ('instance', 'app_version', 'app'));
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON block_batches TO countersign_console;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON block_batch_targets TO countersign_console;
--> statement-breakpoint
GRANT SELECT ON block_hits TO countersign_console;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON block_hits TO countersign_service;
