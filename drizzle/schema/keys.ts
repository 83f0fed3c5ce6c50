import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, bytea } from './columns';

/** Key pair that secrets are sealed to. The private half is wrapped under the master key; the console cannot read it. */
export const vaultKeys = pgTable('vault_keys', {
  id: text('id').primaryKey(),
  publicJwk: jsonb('public_jwk').notNull(),
  wrappedPrivateKey: bytea('wrapped_private_key').notNull(),
  createdAt: at('created_at').notNull(),
});

/** Token-signing keys. The private half is sealed to the vault key; the console cannot read it. */
export const signingKeys = pgTable('signing_keys', {
  kid: text('kid').primaryKey(),
  publicJwk: jsonb('public_jwk').notNull(),
  sealedPrivateKey: text('sealed_private_key').notNull(),
  /** For nodes of the version before this one; a trigger derives it: what is staged only verifies, what is retired does not. */
  status: text('status', { enum: ['active', 'retiring', 'revoked'] })
    .notNull()
    .default('active'),
  /** Where the key is in its life. `revoked` is final, which a trigger sees to. */
  state: text('state', { enum: ['staged', 'active', 'retiring', 'retired', 'revoked'] })
    .notNull()
    .default('active'),
  /** Published from here on. */
  createdAt: at('created_at').notNull(),
  /** It signed from here on. */
  activatedAt: at('activated_at'),
  /** It signed until here, because the next one took over. */
  replacedAt: at('replaced_at'),
  /** Its last token has expired by then. */
  retiresAt: at('retires_at'),
  retiredAt: at('retired_at'),
  revokedAt: at('revoked_at'),
  revokedByName: text('revoked_by_name'),
  revokeReason: text('revoke_reason'),
  /** Position of its latest change of state in the change feed. */
  seq: bigint('seq', { mode: 'number' }),
});

/** Requests to have the next key sign. The console writes them, the service performs them: one at a time. */
export const signingKeyRotations = pgTable(
  'signing_key_rotations',
  {
    id: uuid('id').primaryKey(),
    reason: text('reason').notNull(),
    requestedBy: text('requested_by').notNull(),
    requestedByName: text('requested_by_name').notNull(),
    requestedAt: at('requested_at').notNull(),
    performedAt: at('performed_at'),
    /** The key that signs since. */
    kid: text('kid'),
    /** Position in the change feed, by which it is proved that every node goes by it. */
    seq: bigint('seq', { mode: 'number' }),
  },
  (table) => [
    uniqueIndex('signing_key_rotations_one_pending').on(sql`(true)`).where(sql`${table.performedAt} is null`),
    index('signing_key_rotations_requested').on(table.requestedAt.desc()),
  ],
);

/** How often a new key takes over by itself: one row. */
export const signingKeySchedule = pgTable('signing_key_schedule', {
  id: integer('id').primaryKey(),
  /** `null`: only when somebody asks for it. */
  rotateEveryDays: integer('rotate_every_days'),
  updatedAt: at('updated_at').notNull(),
  updatedByName: text('updated_by_name').notNull(),
});

/** Challenges that were used, until they would have expired anyway: the primary key decides which use was first. */
export const consumedChallenges = pgTable(
  'consumed_challenges',
  {
    digest: bytea('digest').primaryKey(),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('consumed_challenges_expires').on(table.expiresAt)],
);
