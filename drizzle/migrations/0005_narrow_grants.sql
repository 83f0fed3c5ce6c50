-- Writers take the next number of the feed and nothing else: its epoch is the owner's to change, after a restore.
REVOKE UPDATE ON change_feed FROM countersign_console, countersign_service;
--> statement-breakpoint
GRANT UPDATE (seq) ON change_feed TO countersign_console, countersign_service;
--> statement-breakpoint
-- A vault key is made once; a re-key adds another.
REVOKE UPDATE ON vault_keys FROM countersign_service;
