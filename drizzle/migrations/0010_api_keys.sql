CREATE TABLE "api_key_adoption" (
	"key_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"basis" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"writer" text NOT NULL,
	"devices" bigint NOT NULL,
	CONSTRAINT "api_key_adoption_key_id_version_basis_bucket_writer_pk" PRIMARY KEY("key_id","version","basis","bucket","writer")
);
--> statement-breakpoint
CREATE TABLE "api_key_deliveries" (
	"instance_id" uuid NOT NULL,
	"key_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"delivered_at" timestamp with time zone NOT NULL,
	"used_version" integer,
	"used_at" timestamp with time zone,
	CONSTRAINT "api_key_deliveries_instance_id_key_id_pk" PRIMARY KEY("instance_id","key_id")
);
--> statement-breakpoint
CREATE TABLE "api_key_rotations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key_id" uuid NOT NULL,
	"from_version" integer NOT NULL,
	"grace_seconds" integer NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"requested_by" text NOT NULL,
	"requested_by_name" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "api_key_uses" (
	"key_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"standing" text NOT NULL,
	"writer" text NOT NULL,
	"requests" bigint NOT NULL,
	CONSTRAINT "api_key_uses_key_id_version_bucket_standing_writer_pk" PRIMARY KEY("key_id","version","bucket","standing","writer")
);
--> statement-breakpoint
CREATE TABLE "api_key_versions" (
	"key_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"status" text NOT NULL,
	"origin" text NOT NULL,
	"sealed_value" text NOT NULL,
	"value_hash" "bytea",
	"created_at" timestamp with time zone NOT NULL,
	"created_by_name" text NOT NULL,
	"activated_at" timestamp with time zone,
	"retires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"revoked_why" text,
	"seq" bigint NOT NULL,
	"external_ref" text,
	"external_revoked_at" timestamp with time zone,
	"external_revoke_due_at" timestamp with time zone,
	"external_revoke_attempts" integer DEFAULT 0 NOT NULL,
	"external_revoke_error" text,
	CONSTRAINT "api_key_versions_key_id_version_pk" PRIMARY KEY("key_id","version")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"api_ids" text[] NOT NULL,
	"is_required" boolean NOT NULL,
	"hook_url" text,
	"sealed_hook_secret" text,
	"created_at" timestamp with time zone NOT NULL,
	"created_by_name" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_key_rotations" ADD CONSTRAINT "api_key_rotations_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key_versions" ADD CONSTRAINT "api_key_versions_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_rotations_one_due" ON "api_key_rotations" USING btree ("key_id") WHERE "api_key_rotations"."state" = 'due';--> statement-breakpoint
CREATE INDEX "api_key_rotations_key" ON "api_key_rotations" USING btree ("key_id","requested_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "api_key_uses_bucket" ON "api_key_uses" USING btree ("bucket");--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_versions_one_active" ON "api_key_versions" USING btree ("key_id") WHERE "api_key_versions"."status" = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_versions_one_staged" ON "api_key_versions" USING btree ("key_id") WHERE "api_key_versions"."status" = 'staged';--> statement-breakpoint
CREATE INDEX "api_key_versions_retiring" ON "api_key_versions" USING btree ("retires_at") WHERE "api_key_versions"."status" = 'retiring';--> statement-breakpoint
CREATE INDEX "api_key_versions_external_due" ON "api_key_versions" USING btree ("external_revoke_due_at") WHERE "api_key_versions"."external_revoke_due_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_app_name" ON "api_keys" USING btree ("app_id","name");--> statement-breakpoint
-- Written by hand from here: what each state must hold, who may do what, and the erasure of devices.
ALTER TABLE api_keys
  ADD CONSTRAINT api_keys_apis CHECK ((kind = 'managed') = (cardinality(api_ids) > 0)),
  ADD CONSTRAINT api_keys_hook CHECK ((hook_url IS NULL) = (sealed_hook_secret IS NULL));
--> statement-breakpoint
ALTER TABLE api_key_versions
  ADD CONSTRAINT api_key_versions_staged CHECK (status <> 'staged' OR activated_at IS NULL),
  ADD CONSTRAINT api_key_versions_retiring CHECK (status <> 'retiring' OR retires_at IS NOT NULL),
  ADD CONSTRAINT api_key_versions_revoked CHECK ((status = 'revoked') = (revoked_at IS NOT NULL));
--> statement-breakpoint
-- The console writes secrets and reads none: neither sealed values nor hashes.
GRANT INSERT ON api_keys, api_key_versions, api_key_rotations TO countersign_console;
--> statement-breakpoint
GRANT SELECT (id, app_id, name, kind, api_ids, is_required, hook_url, created_at, created_by_name),
  UPDATE (is_required, hook_url, sealed_hook_secret) ON api_keys TO countersign_console;
--> statement-breakpoint
GRANT SELECT (key_id, version, status, origin, created_at, created_by_name, activated_at, retires_at, revoked_at,
    revoked_why, seq, external_ref, external_revoked_at, external_revoke_due_at, external_revoke_attempts,
    external_revoke_error),
  UPDATE (status, activated_at, retires_at, revoked_at, revoked_why, seq, external_revoke_due_at)
  ON api_key_versions TO countersign_console;
--> statement-breakpoint
GRANT SELECT ON api_key_rotations, api_key_deliveries, api_key_adoption, api_key_uses TO countersign_console;
--> statement-breakpoint
GRANT SELECT ON api_keys TO countersign_service;
--> statement-breakpoint
GRANT SELECT, UPDATE ON api_key_rotations TO countersign_service;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON api_key_versions, api_key_deliveries, api_key_adoption, api_key_uses
  TO countersign_service;
--> statement-breakpoint
GRANT DELETE ON api_key_adoption, api_key_uses TO countersign_service;
--> statement-breakpoint
-- Room on each page for the next version of its rows.
ALTER TABLE api_key_deliveries SET (fillfactor = 80);
--> statement-breakpoint
-- An erased device leaves no row here, and is counted no more. Counts of another writer are its own: these have their
-- shard.
CREATE FUNCTION countersign_forget_deliveries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  WITH gone AS (
    DELETE FROM api_key_deliveries WHERE instance_id = OLD.id RETURNING key_id, version, used_version
  ), moves AS (
    SELECT key_id, version, 'delivered' AS basis FROM gone
    UNION ALL SELECT key_id, used_version, 'used' FROM gone WHERE used_version IS NOT NULL
  )
  INSERT INTO api_key_adoption (key_id, version, basis, bucket, writer, devices)
  SELECT key_id, version, basis, date_bin('1 minute', clock_timestamp(), 'epoch'), 'erasure', -1
  FROM moves ORDER BY key_id, version, basis
  ON CONFLICT (key_id, version, basis, bucket, writer) DO UPDATE
    SET devices = api_key_adoption.devices + excluded.devices;
  RETURN NULL;
END;
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION countersign_forget_deliveries() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER device_instances_forget_deliveries AFTER DELETE ON device_instances
  FOR EACH ROW EXECUTE FUNCTION countersign_forget_deliveries();
