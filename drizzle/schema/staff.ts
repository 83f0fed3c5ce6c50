import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, bytea } from './columns';
import { apps } from './registry';

/** People who may sign in. E-mail addresses are stored in lower case. */
export const staff = pgTable('staff', {
  id: uuid('id').primaryKey(),
  email: text('email').notNull().unique(),
  name: text('name').notNull(),
  passwordHash: text('password_hash').notNull(),
  createdAt: at('created_at').notNull(),
  disabledAt: at('disabled_at'),
});

/** A role, for the organisation (`app_id` null) or for one app. */
export const roleGrants = pgTable(
  'role_grants',
  {
    id: uuid('id').primaryKey(),
    staffId: uuid('staff_id')
      .notNull()
      .references(() => staff.id),
    role: text('role', { enum: ['analyst', 'responder', 'admin', 'auditor'] }).notNull(),
    appId: text('app_id').references(() => apps.id),
    createdAt: at('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('role_grants_one').on(table.staffId, table.role, sql`coalesce(${table.appId}, '')`),
  ],
);

/** Sessions of the console; revoked ones stay until they would have expired. */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid('id').primaryKey(),
    staffId: uuid('staff_id')
      .notNull()
      .references(() => staff.id),
    createdAt: at('created_at').notNull(),
    lastSeenAt: at('last_seen_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    revokedAt: at('revoked_at'),
    userAgent: text('user_agent').notNull(),
    /** When the person last proved again, in this session, that it is they. */
    steppedUpAt: at('stepped_up_at'),
  },
  (table) => [index('sessions_staff').on(table.staffId)],
);

/** One-time links that let the first administrator in. Only the SHA-256 of the token is kept. */
export const setupTokens = pgTable('setup_tokens', {
  digest: bytea('digest').primaryKey(),
  createdAt: at('created_at').notNull(),
  expiresAt: at('expires_at').notNull(),
  usedAt: at('used_at'),
});

/** Failed sign-ins per account or network, so that guessing is slow on every node. */
export const signInThrottles = pgTable('sign_in_throttles', {
  key: text('key').primaryKey(),
  failures: integer('failures').notNull(),
  lockedUntil: at('locked_until'),
  updatedAt: at('updated_at').notNull(),
});
