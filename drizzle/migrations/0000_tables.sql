CREATE TABLE "apis" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"app_ids" text[] NOT NULL,
	"mode" text NOT NULL,
	"revision" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "app_versions" (
	"app_id" text NOT NULL,
	"platform" text NOT NULL,
	"version" text NOT NULL,
	"status" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "app_versions_app_id_platform_version_pk" PRIMARY KEY("app_id","platform","version")
);
--> statement-breakpoint
CREATE TABLE "apps" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"environment" text NOT NULL,
	"apple_team_id" text,
	"apple_bundle_ids" text[] NOT NULL,
	"apple_environments" text[] NOT NULL,
	"android_packages" text[] NOT NULL,
	"android_signer_digests" text[] NOT NULL,
	"trust_anchors" jsonb NOT NULL,
	"on_stale" text NOT NULL,
	"tell_blocked" boolean NOT NULL,
	"policy_version" integer NOT NULL,
	"config_version" integer NOT NULL,
	"revision" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "attestation_events" (
	"subject_id" uuid NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"id" uuid NOT NULL,
	"reference" text NOT NULL,
	"kind" text NOT NULL,
	"app_id" text NOT NULL,
	"instance_id" uuid,
	"verdict" text NOT NULL,
	"deciding_threat" text,
	"deciding_rule" text,
	"policy_version" integer NOT NULL,
	"platform" text NOT NULL,
	"format" text,
	"environment" text NOT NULL,
	"app_version" text NOT NULL,
	"os_version" text NOT NULL,
	"model" text NOT NULL,
	"country" text,
	"network_kind" text NOT NULL,
	"network_prefix" text,
	"address_hash" "bytea",
	"threats" text[] NOT NULL,
	"detail" jsonb NOT NULL,
	"latency_us" integer NOT NULL,
	"node" text NOT NULL,
	CONSTRAINT "attestation_events_subject_id_received_at_id_pk" PRIMARY KEY("subject_id","received_at","id")
) PARTITION BY RANGE ("received_at");
--> statement-breakpoint
CREATE TABLE "attestation_rollup_hours" (
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"writer" text NOT NULL,
	"facet" uuid NOT NULL,
	"verdict" text NOT NULL,
	"deciding_threat" text NOT NULL,
	"platform" text NOT NULL,
	"os_version" text NOT NULL,
	"app_version" text NOT NULL,
	"country" text NOT NULL,
	"network_kind" text NOT NULL,
	"policy_version" integer NOT NULL,
	"events" bigint NOT NULL,
	"latency_us" bigint NOT NULL,
	CONSTRAINT "attestation_rollup_hours_app_id_bucket_writer_facet_pk" PRIMARY KEY("app_id","bucket","writer","facet")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "attestation_rollup_minutes" (
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"writer" text NOT NULL,
	"facet" uuid NOT NULL,
	"verdict" text NOT NULL,
	"deciding_threat" text NOT NULL,
	"platform" text NOT NULL,
	"os_version" text NOT NULL,
	"app_version" text NOT NULL,
	"country" text NOT NULL,
	"network_kind" text NOT NULL,
	"policy_version" integer NOT NULL,
	"events" bigint NOT NULL,
	"latency_us" bigint NOT NULL,
	CONSTRAINT "attestation_rollup_minutes_app_id_bucket_writer_facet_pk" PRIMARY KEY("app_id","bucket","writer","facet")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"target_kind" text NOT NULL,
	"target_id" text NOT NULL,
	"app_id" text,
	"reason" text,
	"detail" jsonb NOT NULL,
	"change_seq" bigint
);
--> statement-breakpoint
CREATE TABLE "blocks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"scope" text NOT NULL,
	"app_id" text NOT NULL,
	"target" text NOT NULL,
	"reason" text NOT NULL,
	"created_by" text NOT NULL,
	"created_by_name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"seq" bigint NOT NULL,
	"lifted_at" timestamp with time zone,
	"lifted_by" text,
	"lifted_by_name" text,
	"lift_reason" text,
	"lift_seq" bigint
);
--> statement-breakpoint
CREATE TABLE "change_acks" (
	"seq" bigint NOT NULL,
	"node_id" text NOT NULL,
	"applied_at" timestamp with time zone NOT NULL,
	CONSTRAINT "change_acks_seq_node_id_pk" PRIMARY KEY("seq","node_id")
);
--> statement-breakpoint
CREATE TABLE "change_feed" (
	"id" integer PRIMARY KEY NOT NULL,
	"epoch" uuid NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "change_log" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"epoch" uuid NOT NULL,
	"topic" text NOT NULL,
	"payload" jsonb NOT NULL,
	"committed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "consumed_challenges" (
	"digest" "bytea" PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "device_days" (
	"app_id" text NOT NULL,
	"day" date NOT NULL,
	"instance_id" uuid NOT NULL,
	"verdict" text NOT NULL,
	CONSTRAINT "device_days_app_id_day_instance_id_verdict_pk" PRIMARY KEY("app_id","day","instance_id","verdict")
) PARTITION BY RANGE ("day");
--> statement-breakpoint
CREATE TABLE "device_instances" (
	"id" uuid PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"platform" text NOT NULL,
	"format" text NOT NULL,
	"public_key" "bytea" NOT NULL,
	"key_id" "bytea" NOT NULL,
	"counter" bigint NOT NULL,
	"claims" jsonb NOT NULL,
	"verdict" text NOT NULL,
	"vector" jsonb NOT NULL,
	"app_version" text NOT NULL,
	"os_version" text NOT NULL,
	"model" text NOT NULL,
	"country" text,
	"network_prefix" text,
	"evidence_at" timestamp with time zone NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "organisations" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy_versions" (
	"app_id" text NOT NULL,
	"version" integer NOT NULL,
	"policy" jsonb NOT NULL,
	"reason" text NOT NULL,
	"published_by" text NOT NULL,
	"published_at" timestamp with time zone NOT NULL,
	CONSTRAINT "policy_versions_app_id_version_pk" PRIMARY KEY("app_id","version")
);
--> statement-breakpoint
CREATE TABLE "request_events" (
	"subject_id" uuid NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"id" uuid NOT NULL,
	"app_id" text,
	"api_id" text,
	"instance_id" uuid,
	"outcome" text NOT NULL,
	"enforced" integer NOT NULL,
	"network_kind" text NOT NULL,
	"network_prefix" text,
	"address_hash" "bytea",
	"country" text,
	"node" text NOT NULL,
	CONSTRAINT "request_events_subject_id_received_at_id_pk" PRIMARY KEY("subject_id","received_at","id")
) PARTITION BY RANGE ("received_at");
--> statement-breakpoint
CREATE TABLE "request_rollup_minutes" (
	"app_id" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"writer" text NOT NULL,
	"api_id" text NOT NULL,
	"outcome" text NOT NULL,
	"network_kind" text NOT NULL,
	"requests" bigint NOT NULL,
	CONSTRAINT "request_rollup_minutes_app_id_bucket_writer_api_id_outcome_network_kind_pk" PRIMARY KEY("app_id","bucket","writer","api_id","outcome","network_kind")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "role_grants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"staff_id" uuid NOT NULL,
	"role" text NOT NULL,
	"app_id" text,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "service_nodes" (
	"id" text PRIMARY KEY NOT NULL,
	"version" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"epoch" uuid NOT NULL,
	"applied_seq" bigint NOT NULL,
	"clock_skew_ms" integer NOT NULL,
	"stopped_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"staff_id" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"user_agent" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "setup_tokens" (
	"digest" "bytea" PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sign_in_throttles" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"locked_until" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"kid" text PRIMARY KEY NOT NULL,
	"public_jwk" jsonb NOT NULL,
	"sealed_private_key" text NOT NULL,
	"status" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"retires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"disabled_at" timestamp with time zone,
	CONSTRAINT "staff_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "vault_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"public_jwk" jsonb NOT NULL,
	"wrapped_private_key" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "app_versions" ADD CONSTRAINT "app_versions_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_grants" ADD CONSTRAINT "role_grants_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_grants" ADD CONSTRAINT "role_grants_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attestation_events_received" ON "attestation_events" USING btree ("received_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "attestation_events_app_received" ON "attestation_events" USING btree ("app_id","received_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "attestation_events_reference" ON "attestation_events" USING btree ("reference");--> statement-breakpoint
CREATE INDEX "audit_log_at" ON "audit_log" USING btree ("at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "audit_log_actor" ON "audit_log" USING btree ("actor_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "audit_log_target" ON "audit_log" USING btree ("target_kind","target_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "blocks_one_active" ON "blocks" USING btree ("scope","target") WHERE "blocks"."lifted_at" is null;--> statement-breakpoint
CREATE INDEX "blocks_created_at" ON "blocks" USING btree ("created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "blocks_target" ON "blocks" USING btree ("target","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "change_acks_applied" ON "change_acks" USING btree ("applied_at");--> statement-breakpoint
CREATE INDEX "consumed_challenges_expires" ON "consumed_challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "device_instances_last_seen" ON "device_instances" USING btree ("last_seen_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "device_instances_app_last_seen" ON "device_instances" USING btree ("app_id","last_seen_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "device_instances_network" ON "device_instances" USING btree ("network_prefix");--> statement-breakpoint
CREATE INDEX "policy_versions_published_at" ON "policy_versions" USING btree ("published_at");--> statement-breakpoint
CREATE INDEX "request_events_received" ON "request_events" USING btree ("received_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "role_grants_one" ON "role_grants" USING btree ("staff_id","role",coalesce("app_id", ''));--> statement-breakpoint
CREATE INDEX "sessions_staff" ON "sessions" USING btree ("staff_id");