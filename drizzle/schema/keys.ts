import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
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
  status: text('status', { enum: ['active', 'retiring', 'revoked'] }).notNull(),
  createdAt: at('created_at').notNull(),
  retiresAt: at('retires_at'),
  revokedAt: at('revoked_at'),
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
