CREATE TABLE "rollup_journal" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rollup_journal_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"writer" text NOT NULL,
	"written_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"counts" text NOT NULL
);
--> statement-breakpoint
-- Rows come and go within a second: compressing them would be in vain, and so would waiting for a fifth of the table to die.
ALTER TABLE "rollup_journal" ALTER COLUMN "counts" SET STORAGE EXTERNAL;
--> statement-breakpoint
ALTER TABLE "rollup_journal" SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_insert_scale_factor = 0, autovacuum_analyze_threshold = 100000,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000);
--> statement-breakpoint
-- Rows are locked while they are folded, which takes the right to change something in them.
GRANT SELECT, INSERT, DELETE, UPDATE ("written_at") ON "rollup_journal" TO countersign_service;
