ALTER TABLE "device_instances" ADD COLUMN "listed_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
UPDATE device_instances SET listed_at = last_seen_at;--> statement-breakpoint
CREATE INDEX "device_instances_listed" ON "device_instances" USING btree ("listed_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "device_instances_app_listed" ON "device_instances" USING btree ("app_id","listed_at" DESC NULLS LAST,"id");--> statement-breakpoint
DROP INDEX "device_instances_last_seen";--> statement-breakpoint
DROP INDEX "device_instances_app_last_seen";--> statement-breakpoint
-- Room on each page for the next state of its rows, so that an attestation touches no index.
ALTER TABLE device_instances SET (fillfactor = 80);
