CREATE TABLE "cut_offs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"scope" text NOT NULL,
	"target" text NOT NULL,
	"app_id" text,
	"not_before" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"created_by" text NOT NULL,
	"created_by_name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signing_key_rotations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"requested_by" text NOT NULL,
	"requested_by_name" text NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"performed_at" timestamp with time zone,
	"kid" text,
	"seq" bigint
);
--> statement-breakpoint
CREATE TABLE "signing_key_schedule" (
	"id" integer PRIMARY KEY NOT NULL,
	"rotate_every_days" integer,
	"updated_at" timestamp with time zone NOT NULL,
	"updated_by_name" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "signing_keys" ALTER COLUMN "status" SET DEFAULT 'active';--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "state" text DEFAULT 'active' NOT NULL;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "activated_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "replaced_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "retired_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "revoked_by_name" text;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "revoke_reason" text;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "seq" bigint;--> statement-breakpoint
CREATE INDEX "cut_offs_target" ON "cut_offs" USING btree ("scope","target","not_before" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "signing_key_rotations_one_pending" ON "signing_key_rotations" USING btree ((true)) WHERE "signing_key_rotations"."performed_at" is null;--> statement-breakpoint
CREATE INDEX "signing_key_rotations_requested" ON "signing_key_rotations" USING btree ("requested_at" DESC NULLS LAST);--> statement-breakpoint
-- Hand-written from here on: existing keys, guards, what each role may do.
UPDATE signing_keys SET state = status, activated_at = created_at;
--> statement-breakpoint
INSERT INTO signing_key_schedule (id, rotate_every_days, updated_at, updated_by_name)
VALUES (1, NULL, now(), 'Countersign');
--> statement-breakpoint
ALTER TABLE signing_key_schedule
  ADD CONSTRAINT signing_key_schedule_one CHECK (id = 1),
  ADD CONSTRAINT signing_key_schedule_days CHECK (rotate_every_days BETWEEN 1 AND 3650);
--> statement-breakpoint
ALTER TABLE cut_offs ADD CONSTRAINT cut_offs_whole_second CHECK (not_before = date_trunc('second', not_before));
--> statement-breakpoint
-- A revoked key stays revoked, whoever writes. The console, which cannot make a key, cannot let one sign either: it may
-- revoke. `status` is for nodes of the version before.
CREATE FUNCTION countersign_guard_signing_key() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.state = 'revoked' AND NEW.state <> 'revoked' THEN
      RAISE EXCEPTION 'a revoked signing key stays revoked' USING ERRCODE = 'check_violation';
    END IF;
    IF current_user = 'countersign_console' AND NEW.state <> 'revoked' THEN
      RAISE EXCEPTION 'the console may revoke a signing key, and nothing else' USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  NEW.status := CASE NEW.state WHEN 'active' THEN 'active' WHEN 'staged' THEN 'retiring' WHEN 'retiring' THEN 'retiring'
                               ELSE 'revoked' END;
  RETURN NEW;
END;
$$;
--> statement-breakpoint
CREATE TRIGGER countersign_guard_signing_key BEFORE INSERT OR UPDATE ON signing_keys
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_signing_key();
--> statement-breakpoint
-- A new epoch says that the database was restored, and cut-offs may be lost that were made since the backup. One for the
-- whole organisation is at least as late as each of them.
CREATE FUNCTION countersign_cut_off_at_new_epoch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  until timestamptz := date_trunc('second', clock_timestamp()) + interval '1 second';
  cut_off uuid := gen_random_uuid();
BEGIN
  INSERT INTO cut_offs (id, scope, target, not_before, reason, created_by, created_by_name, created_at, seq)
  VALUES (cut_off, 'organisation', 'default', until, 'The database was restored.', 'system', 'Countersign',
          clock_timestamp(), NEW.seq);
  INSERT INTO audit_log (at, actor_kind, actor_id, actor_name, action, target_kind, target_id, reason, detail)
  VALUES (clock_timestamp(), 'system', 'change-feed', 'Countersign', 'cut_off.create', 'organisation', 'default',
          'The database was restored.', jsonb_build_object('cutOffId', cut_off, 'notBefore', until));
  RETURN NULL;
END;
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION countersign_cut_off_at_new_epoch() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER countersign_cut_off_at_new_epoch AFTER UPDATE OF epoch ON change_feed
  FOR EACH ROW WHEN (OLD.epoch IS DISTINCT FROM NEW.epoch) EXECUTE FUNCTION countersign_cut_off_at_new_epoch();
--> statement-breakpoint
GRANT SELECT, INSERT ON cut_offs TO countersign_console, countersign_service;
--> statement-breakpoint
GRANT SELECT, INSERT ON signing_key_rotations TO countersign_console, countersign_service;
--> statement-breakpoint
GRANT UPDATE (performed_at, kid, seq) ON signing_key_rotations TO countersign_service;
--> statement-breakpoint
GRANT SELECT ON signing_key_schedule TO countersign_console, countersign_service;
--> statement-breakpoint
GRANT UPDATE (rotate_every_days, updated_at, updated_by_name) ON signing_key_schedule TO countersign_console;
--> statement-breakpoint
GRANT SELECT (state, activated_at, replaced_at, retired_at, revoked_by_name, revoke_reason, seq) ON signing_keys
  TO countersign_console;
--> statement-breakpoint
GRANT UPDATE (state, revoked_at, revoked_by_name, revoke_reason, seq) ON signing_keys TO countersign_console;
