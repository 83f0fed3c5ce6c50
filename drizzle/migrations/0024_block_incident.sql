ALTER TABLE "block_batches" ADD COLUMN "incident" text;--> statement-breakpoint
ALTER TABLE "blocks" ADD COLUMN "incident" text;--> statement-breakpoint
CREATE INDEX "blocks_incident" ON "blocks" USING btree (lower("incident"),"created_at" DESC NULLS LAST) WHERE "blocks"."incident" is not null;