CREATE TABLE "block_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"name" text NOT NULL,
	"subject" text NOT NULL,
	"effect" text NOT NULL,
	"threats" text[] NOT NULL,
	"refusals" integer NOT NULL,
	"window_seconds" integer NOT NULL,
	"duration_seconds" integer NOT NULL,
	"escalates" boolean NOT NULL,
	"most_devices" integer NOT NULL,
	"most_percent" integer NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"stopped_why" text,
	"stopped_at" timestamp with time zone,
	"revision" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by_name" text NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"updated_by_name" text NOT NULL,
	"evaluated_at" timestamp with time zone,
	"evaluation_error" text,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "block_rules_limits" CHECK ("block_rules"."refusals" > 0 and "block_rules"."window_seconds" > 0
      and "block_rules"."duration_seconds" > 0 and "block_rules"."most_devices" > 0 and "block_rules"."most_percent" between 1 and 100)
);
--> statement-breakpoint
CREATE TABLE "relying_parties" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"api_id" text NOT NULL,
	"credential_hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by_name" text NOT NULL,
	"removed_at" timestamp with time zone,
	"removed_by_name" text
);
--> statement-breakpoint
CREATE TABLE "relying_party_replicas" (
	"party_id" uuid NOT NULL,
	"replica" text NOT NULL,
	"epoch" uuid NOT NULL,
	"applied_seq" bigint NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"step_seqs" bigint[] NOT NULL,
	"step_ats" timestamp with time zone[] NOT NULL,
	CONSTRAINT "relying_party_replicas_party_id_replica_pk" PRIMARY KEY("party_id","replica")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "block_rules_name" ON "block_rules" USING btree ("app_id","name") WHERE "block_rules"."deleted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "relying_parties_credential" ON "relying_parties" USING btree ("credential_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "relying_parties_name" ON "relying_parties" USING btree ("name") WHERE "relying_parties"."removed_at" is null;--> statement-breakpoint
CREATE INDEX "blocks_by_rule" ON "blocks" USING btree ("created_by","created_at" DESC NULLS LAST) WHERE "blocks"."origin" = 'rule';--> statement-breakpoint
-- Hand-written from here on. The console registers relying parties, and never sees what it let one keep but its hash; the
-- service alone writes down what they say of themselves.
GRANT SELECT, INSERT ON relying_parties TO countersign_console;
--> statement-breakpoint
GRANT UPDATE (removed_at, removed_by_name) ON relying_parties TO countersign_console;
--> statement-breakpoint
GRANT SELECT ON relying_parties TO countersign_service;
--> statement-breakpoint
GRANT SELECT ON relying_party_replicas TO countersign_console;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON relying_party_replicas TO countersign_service;
--> statement-breakpoint
-- Rules block from the service, which looks at whom they concern. It may stop a rule, and change nothing else of it; of
-- blocks it may make those of rules, and close what ran out.
GRANT SELECT, INSERT, UPDATE ON block_rules TO countersign_console;
--> statement-breakpoint
GRANT SELECT ON block_rules TO countersign_service;
--> statement-breakpoint
GRANT UPDATE (state, stopped_why, stopped_at, evaluated_at, evaluation_error, revision) ON block_rules TO countersign_service;
--> statement-breakpoint
GRANT INSERT ON blocks TO countersign_service;
--> statement-breakpoint
GRANT UPDATE (seq, lifted_at, lifted_by, lifted_by_name, lift_reason) ON blocks TO countersign_service;
--> statement-breakpoint
CREATE FUNCTION countersign_guard_rule_block() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF current_user = 'countersign_service' AND (NEW.origin <> 'rule' OR NEW.effect = 'allow') THEN
    RAISE EXCEPTION 'the service makes blocks of rules, and nothing else' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END;
$$;
--> statement-breakpoint
CREATE TRIGGER countersign_guard_rule_block BEFORE INSERT ON blocks
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_rule_block();
--> statement-breakpoint
-- A device keeps the configuration of the highest version that it has seen, and a backup may hold lower ones than were
-- published since. The new epoch that a restore begins with puts them past every version that can have been. What a device
-- held before tells nothing of the pins that it has, so that rotations under way count their adoption from the new version on.
CREATE FUNCTION countersign_raise_configs_at_new_epoch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE apps SET config_version = config_version + 100000, revision = revision + 1, updated_at = clock_timestamp();
  UPDATE pin_rotations r SET added_in_version = a.config_version
  FROM protected_origins o JOIN apps a ON a.id = o.app_id
  WHERE o.id = r.origin_id AND r.state IN ('adopting', 'switching', 'confirmed');
  INSERT INTO audit_log (at, actor_kind, actor_id, actor_name, action, target_kind, target_id, app_id, reason, detail)
  SELECT clock_timestamp(), 'system', 'change-feed', 'Countersign', 'app_config.raise', 'app', id, id,
    'The database was restored.', jsonb_build_object('configVersion', config_version)
  FROM apps;
  RETURN NULL;
END;
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION countersign_raise_configs_at_new_epoch() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER countersign_raise_configs_at_new_epoch AFTER UPDATE OF epoch ON change_feed
  FOR EACH ROW WHEN (OLD.epoch IS DISTINCT FROM NEW.epoch) EXECUTE FUNCTION countersign_raise_configs_at_new_epoch();
--> statement-breakpoint
-- A node that ran through a restore remembers versions that the database has forgotten, and writes them back.
GRANT UPDATE (config_version, revision, updated_at) ON apps TO countersign_service;
--> statement-breakpoint
GRANT UPDATE (added_in_version) ON pin_rotations TO countersign_service;
