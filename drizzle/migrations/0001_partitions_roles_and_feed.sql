-- Daily partitions of the telemetry tables. Owned by the migrating role, so that the service may call it without
-- owning tables. Creating one that exists is a no-op; two callers at once are serialised.
CREATE FUNCTION countersign_ensure_partitions(first_day date, last_day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  parent text;
  day date;
  made integer := 0;
  child text;
BEGIN
  IF last_day - first_day > 400 THEN
    RAISE EXCEPTION 'at most 400 days at once';
  END IF;
  PERFORM pg_advisory_xact_lock(7310500);
  FOREACH parent IN ARRAY ARRAY['attestation_events', 'request_events', 'attestation_rollup_minutes',
                                'attestation_rollup_hours', 'request_rollup_minutes', 'device_days'] LOOP
    FOR day IN SELECT generate_series(first_day, last_day, interval '1 day')::date LOOP
      child := parent || '_' || to_char(day, 'YYYYMMDD');
      IF to_regclass('public.' || child) IS NULL THEN
        IF parent = 'device_days' THEN
          EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, parent, day, day + 1);
        ELSE
          EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, parent,
                         (day::text || ' 00:00:00+00'), ((day + 1)::text || ' 00:00:00+00'));
        END IF;
        made := made + 1;
      END IF;
    END LOOP;
  END LOOP;
  RETURN made;
END;
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION countersign_ensure_partitions(date, date) FROM PUBLIC;
--> statement-breakpoint
-- The counter of the change feed. Everyone who writes a change locks this row, so commit order is `seq` order.
INSERT INTO change_feed (id, epoch, seq) VALUES (1, gen_random_uuid(), 0);
--> statement-breakpoint
INSERT INTO organisations (id, name) VALUES ('default', 'My organisation');
--> statement-breakpoint
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_console') THEN
    CREATE ROLE countersign_console LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_service') THEN
    CREATE ROLE countersign_service LOGIN;
  END IF;
END;
$$;
--> statement-breakpoint
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO countersign_console, countersign_service;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION countersign_ensure_partitions(date, date) TO countersign_service;
--> statement-breakpoint
-- Both roles append to the audit log and follow and write the change feed; neither may rewrite history.
GRANT SELECT, INSERT ON audit_log, change_log TO countersign_console, countersign_service;
--> statement-breakpoint
GRANT SELECT, UPDATE ON change_feed TO countersign_console, countersign_service;
--> statement-breakpoint
-- The console: registry, policies, blocks and staff; telemetry and nodes to read; no private key material.
GRANT SELECT, INSERT, UPDATE ON organisations, apps, app_versions, apis, blocks, staff, sessions, setup_tokens,
  sign_in_throttles TO countersign_console;
--> statement-breakpoint
GRANT SELECT, INSERT ON policy_versions TO countersign_console;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON role_grants TO countersign_console;
--> statement-breakpoint
GRANT DELETE ON sessions, sign_in_throttles, app_versions TO countersign_console;
--> statement-breakpoint
GRANT SELECT ON device_instances, attestation_events, request_events, attestation_rollup_minutes,
  attestation_rollup_hours, request_rollup_minutes, device_days, service_nodes, change_acks TO countersign_console;
--> statement-breakpoint
GRANT SELECT (id, public_jwk, created_at) ON vault_keys TO countersign_console;
--> statement-breakpoint
GRANT SELECT (kid, public_jwk, status, created_at, retires_at, revoked_at) ON signing_keys TO countersign_console;
--> statement-breakpoint
-- The service: reads what it must obey, writes telemetry, devices, its keys and its own acknowledgements.
GRANT SELECT ON organisations, apps, app_versions, apis, policy_versions, blocks TO countersign_service;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON device_instances, attestation_rollup_minutes, attestation_rollup_hours,
  request_rollup_minutes, device_days, service_nodes, vault_keys, signing_keys TO countersign_service;
--> statement-breakpoint
GRANT SELECT, INSERT ON attestation_events, request_events TO countersign_service;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON consumed_challenges, change_acks TO countersign_service;
--> statement-breakpoint
GRANT DELETE ON service_nodes TO countersign_service;
--> statement-breakpoint
SELECT countersign_ensure_partitions((now() AT TIME ZONE 'UTC')::date - 1, (now() AT TIME ZONE 'UTC')::date + 14);
