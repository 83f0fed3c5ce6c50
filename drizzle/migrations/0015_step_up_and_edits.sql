ALTER TABLE "api_keys" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "block_batches" ADD COLUMN "stepped_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "stepped_up_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "block_batches_unfinished" ON "block_batches" USING btree ("created_at" DESC NULLS LAST) WHERE "block_batches"."state" in ('open', 'undoing');--> statement-breakpoint
-- What was half undone before there was a word for it.
UPDATE block_batches SET state = 'undoing' WHERE state = 'done' AND lifted > 0;
--> statement-breakpoint
-- An edit of an API key changes the APIs that check it, and counts.
GRANT SELECT (revision), UPDATE (api_ids, revision) ON api_keys TO countersign_console;
