ALTER TABLE "rollup_journal" ADD COLUMN "is_recent_folded" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- A batch is marked once in the second or two that it is there.
ALTER TABLE "rollup_journal" SET (fillfactor = 70);
--> statement-breakpoint
GRANT UPDATE ("is_recent_folded") ON "rollup_journal" TO countersign_service;
