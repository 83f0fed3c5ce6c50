ALTER TABLE "device_instances" ADD COLUMN "reenrol_asked_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "blocks_of_rule_in_force" ON "blocks" USING btree ("created_by","expires_at") WHERE "blocks"."origin" = 'rule' and "blocks"."lifted_at" is null;--> statement-breakpoint
-- Setting an enrolment aside is the one thing that the console does to a device besides erasing it.
GRANT UPDATE (reenrol_asked_at) ON device_instances TO countersign_console;
