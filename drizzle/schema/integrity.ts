import { date, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns';
import { apps } from './registry';

/** What an app's Play Integrity verdicts are opened with. Sealed to the service: the console writes it and reads none. */
export const appIntegrity = pgTable('app_integrity', {
  appId: text('app_id')
    .primaryKey()
    .references(() => apps.id),
  /** The response keys of classic requests. */
  sealedKeys: text('sealed_keys'),
  keysSetAt: at('keys_set_at'),
  /** The service account that decodes standard requests. */
  sealedAccount: text('sealed_account'),
  accountSetAt: at('account_set_at'),
  /** Its address, which is no secret. */
  accountEmail: text('account_email'),
  /** Verdicts that Google decodes per day. */
  dailyQuota: integer('daily_quota').notNull(),
  updatedAt: at('updated_at').notNull(),
  updatedByName: text('updated_by_name').notNull(),
});

/** Verdicts that Google was asked to decode, per app and day of its quota. */
export const integrityUsage = pgTable(
  'integrity_usage',
  {
    appId: text('app_id').notNull(),
    /** Google's quotas begin anew at midnight in California. */
    day: date('day', { mode: 'string' }).notNull(),
    /** Asked for, whatever came of it. */
    calls: integer('calls').notNull(),
    /** Not asked for, because the quota was used up. */
    exhausted: integer('exhausted').notNull(),
  },
  (table) => [primaryKey({ columns: [table.appId, table.day] })],
);

/**
 * Requests for a piece of archived evidence. The console writes a public key with each, the service answers under it: what
 * was archived is in clear only with the two of them, and never in a table.
 */
export const caseExports = pgTable(
  'case_exports',
  {
    id: uuid('id').primaryKey(),
    appId: text('app_id').notNull(),
    subjectId: uuid('subject_id').notNull(),
    receivedAt: timestamp('received_at', { withTimezone: true, mode: 'string' }).notNull(),
    eventId: uuid('event_id').notNull(),
    publicJwk: jsonb('public_jwk').notNull(),
    requestedAt: at('requested_at').notNull(),
    /** The answer, sealed; or why there is none. */
    sealedCase: text('sealed_case'),
    failure: text('failure'),
  },
  (table) => [index('case_exports_requested').on(table.requestedAt)],
);
