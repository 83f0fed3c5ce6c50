import { bigint, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at, bytea } from './columns';
import { deviceInstances } from './devices';
import { apps } from './registry';

/** What vendors publish about attestation keys: one row per list, with the newest text that was well-formed. */
export const statusLists = pgTable('status_lists', {
  id: text('id', { enum: ['android'] }).primaryKey(),
  body: bytea('body'),
  /** SHA-256 of the body, hex. */
  digest: text('digest'),
  entries: integer('entries').notNull().default(0),
  /** Entries of the text before: a list that shrinks by much is worth a look. */
  previousEntries: integer('previous_entries'),
  source: text('source'),
  etag: text('etag'),
  lastModified: text('last_modified'),
  /** When its source last said that this text is the current one. */
  fetchedAt: at('fetched_at'),
  changedAt: at('changed_at'),
  checkedAt: at('checked_at'),
  nextCheckAt: at('next_check_at').notNull().defaultNow(),
  attempts: integer('attempts').notNull().default(0),
  lastError: text('last_error'),
  /** From this age on, production apps refuse what the list would have to vouch for; null never. */
  maxAgeHours: integer('max_age_hours').default(72),
});

/** Keys with which an app's team asks Apple about receipts. */
export const appAttestKeys = pgTable('app_attest_keys', {
  appId: text('app_id')
    .primaryKey()
    .references(() => apps.id),
  keyId: text('key_id').notNull(),
  sealedKey: text('sealed_key').notNull(),
  createdAt: at('created_at').notNull(),
  createdByName: text('created_by_name').notNull(),
  renewed: bigint('renewed', { mode: 'number' }).notNull().default(0),
  refused: bigint('refused', { mode: 'number' }).notNull().default(0),
  lastRenewedAt: at('last_renewed_at'),
  attempts: integer('attempts').notNull().default(0),
  lastError: text('last_error'),
  pausedUntil: at('paused_until'),
});

/** The newest verified receipt of each App Attest key. */
export const appAttestReceipts = pgTable(
  'app_attest_receipts',
  {
    instanceId: uuid('instance_id')
      .primaryKey()
      .references(() => deviceInstances.id, { onDelete: 'cascade' }),
    appId: text('app_id').notNull(),
    receipt: bytea('receipt').notNull(),
    type: text('type', { enum: ['attestation', 'renewal'] }).notNull(),
    attestedKeys: integer('attested_keys'),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    /** When it is to be renewed; null where Apple has no answer for it. */
    dueAt: at('due_at'),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
  },
  (table) => [index('app_attest_receipts_due').on(table.appId, table.dueAt)],
);
