CREATE TABLE "policy_baselines" (
	"version" integer PRIMARY KEY NOT NULL,
	"policy" jsonb NOT NULL,
	"reason" text NOT NULL,
	"published_by" text NOT NULL,
	"published_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy_drafts" (
	"app_id" text PRIMARY KEY NOT NULL,
	"revision" integer NOT NULL,
	"based_on" integer NOT NULL,
	"policy" jsonb,
	"baseline_version" integer,
	"updated_by" text NOT NULL,
	"updated_by_name" text NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"approved_by" text,
	"approved_by_name" text,
	"approved_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "policy_rollouts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"version" integer NOT NULL,
	"base_version" integer NOT NULL,
	"state" text NOT NULL,
	"stage" text NOT NULL,
	"stage_since" timestamp with time zone NOT NULL,
	"next_stage_at" timestamp with time zone,
	"plan" jsonb NOT NULL,
	"guardrail" jsonb NOT NULL,
	"reason" text NOT NULL,
	"started_by" text NOT NULL,
	"started_by_name" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by_name" text,
	"end_reason" text,
	"figures" jsonb,
	"checked_at" timestamp with time zone,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signal_quarantines" (
	"id" uuid PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"threat" text NOT NULL,
	"condition" jsonb NOT NULL,
	"reason" text NOT NULL,
	"created_by" text NOT NULL,
	"created_by_name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by_name" text,
	"end_reason" text,
	"seq" bigint NOT NULL,
	"end_seq" bigint
);
--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "minimum_versions" jsonb DEFAULT '{"ios":null,"android":null}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "policy_needs_approval" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "attestation_events" ADD COLUMN "facts" text;--> statement-breakpoint
ALTER TABLE "attestation_events" ADD COLUMN "shadow_verdict" text;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD COLUMN "approved_by" text;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD COLUMN "baseline_version" integer;--> statement-breakpoint
ALTER TABLE "policy_drafts" ADD CONSTRAINT "policy_drafts_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_rollouts" ADD CONSTRAINT "policy_rollouts_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signal_quarantines" ADD CONSTRAINT "signal_quarantines_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "policy_rollouts_one_open" ON "policy_rollouts" USING btree ("app_id") WHERE "policy_rollouts"."state" = 'open';--> statement-breakpoint
CREATE INDEX "policy_rollouts_app" ON "policy_rollouts" USING btree ("app_id","started_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "signal_quarantines_app" ON "signal_quarantines" USING btree ("app_id","created_at" DESC NULLS LAST);--> statement-breakpoint
-- Written by hand. A quarantine ends, an open rollout has not, and one that was stopped says why.
ALTER TABLE signal_quarantines ADD CONSTRAINT signal_quarantines_end CHECK (expires_at > created_at);
--> statement-breakpoint
ALTER TABLE policy_rollouts ADD CONSTRAINT policy_rollouts_end
  CHECK ((state = 'open') = (ended_at IS NULL) AND (state <> 'stopped' OR end_reason IS NOT NULL));
--> statement-breakpoint
GRANT SELECT, INSERT ON policy_baselines TO countersign_console;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON policy_drafts, policy_rollouts, signal_quarantines TO countersign_console;
--> statement-breakpoint
GRANT SELECT ON policy_rollouts, signal_quarantines TO countersign_service;
--> statement-breakpoint
-- The service carries a rollout on, and stops it where the guardrail says so.
GRANT UPDATE (state, stage, stage_since, next_stage_at, ended_at, ended_by_name, end_reason, figures, checked_at, seq)
  ON policy_rollouts TO countersign_service;
--> statement-breakpoint
GRANT UPDATE (policy_version, revision, updated_at) ON apps TO countersign_service;
