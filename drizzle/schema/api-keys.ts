import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { at, bytea } from './columns';

/** What an app calls APIs with. `managed`: made here and checked by `authorize`. `external`: a third party's. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid('id').primaryKey(),
    appId: text('app_id').notNull(),
    /** By which the app knows it: a slug, unique in the app. */
    name: text('name').notNull(),
    kind: text('kind', { enum: ['managed', 'external'] }).notNull(),
    /** Protected APIs whose requests must present it; none for an external key. */
    apiIds: text('api_ids').array().notNull(),
    /** Whether those APIs refuse requests without it; until then they are only counted. */
    isRequired: boolean('is_required').notNull(),
    /** Where a new value is asked for, and the secret that signs the question, sealed to the vault key. */
    hookUrl: text('hook_url'),
    sealedHookSecret: text('sealed_hook_secret'),
    /** Counts the edits of what is entered by hand: of two on the same one, the second is refused. */
    revision: integer('revision').notNull().default(1),
    createdAt: at('created_at').notNull(),
    createdByName: text('created_by_name').notNull(),
  },
  (table) => [uniqueIndex('api_keys_app_name').on(table.appId, table.name)],
);

/** Versions of API keys. The value is sealed to the vault key; the console can read neither it nor its hash. */
export const apiKeyVersions = pgTable(
  'api_key_versions',
  {
    keyId: uuid('key_id')
      .notNull()
      .references(() => apiKeys.id),
    version: integer('version').notNull(),
    status: text('status', { enum: ['staged', 'active', 'retiring', 'revoked'] }).notNull(),
    origin: text('origin', { enum: ['generated', 'entered', 'hook'] }).notNull(),
    sealedValue: text('sealed_value').notNull(),
    /** SHA-256 of a managed value. */
    valueHash: bytea('value_hash'),
    createdAt: at('created_at').notNull(),
    createdByName: text('created_by_name').notNull(),
    activatedAt: at('activated_at'),
    /** When a retiring version ends by itself. */
    retiresAt: at('retires_at'),
    revokedAt: at('revoked_at'),
    revokedWhy: text('revoked_why', { enum: ['emergency', 'retired', 'grace_over', 'discarded'] }),
    /** Position in the change feed of its last transition, by which its enforcement is proved. */
    seq: bigint('seq', { mode: 'number' }).notNull(),
    /** What the hook calls this value, by which it is told to revoke it; told until it says that it did. */
    externalRef: text('external_ref'),
    externalRevokedAt: at('external_revoked_at'),
    externalRevokeDueAt: at('external_revoke_due_at'),
    externalRevokeAttempts: integer('external_revoke_attempts').notNull().default(0),
    externalRevokeError: text('external_revoke_error'),
  },
  (table) => [
    primaryKey({ columns: [table.keyId, table.version] }),
    uniqueIndex('api_key_versions_one_active').on(table.keyId).where(sql`${table.status} = 'active'`),
    uniqueIndex('api_key_versions_one_staged').on(table.keyId).where(sql`${table.status} = 'staged'`),
    index('api_key_versions_retiring').on(table.retiresAt).where(sql`${table.status} = 'retiring'`),
    index('api_key_versions_external_due')
      .on(table.externalRevokeDueAt)
      .where(sql`${table.externalRevokeDueAt} is not null`),
  ],
);

/** Rotations that wait for the customer's hook to return a new value, and what became of them. */
export const apiKeyRotations = pgTable(
  'api_key_rotations',
  {
    id: uuid('id').primaryKey(),
    keyId: uuid('key_id')
      .notNull()
      .references(() => apiKeys.id),
    /** The version that was active when it was asked for. */
    fromVersion: integer('from_version').notNull(),
    graceSeconds: integer('grace_seconds').notNull(),
    reason: text('reason').notNull(),
    state: text('state', { enum: ['due', 'done', 'failed'] }).notNull(),
    requestedAt: at('requested_at').notNull(),
    requestedBy: text('requested_by').notNull(),
    requestedByName: text('requested_by_name').notNull(),
    dueAt: at('due_at').notNull(),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
    endedAt: at('ended_at'),
  },
  (table) => [
    uniqueIndex('api_key_rotations_one_due').on(table.keyId).where(sql`${table.state} = 'due'`),
    index('api_key_rotations_key').on(table.keyId, table.requestedAt.desc()),
  ],
);

/*
 * What follows is written by the service at the rate of the fleet, and is ready to be distributed: no foreign key leaves
 * it, and the distribution column is in each primary key.
 */

/** Which version of a key a device was given last, and which it used last: one row per device and key. */
export const apiKeyDeliveries = pgTable(
  'api_key_deliveries',
  {
    instanceId: uuid('instance_id').notNull(),
    keyId: uuid('key_id').notNull(),
    version: integer('version').notNull(),
    deliveredAt: at('delivered_at').notNull(),
    usedVersion: integer('used_version'),
    /** When that version was first used by the device. */
    usedAt: at('used_at'),
  },
  (table) => [primaryKey({ columns: [table.instanceId, table.keyId] })],
);

/** Devices that moved to a version (or away from it, below zero), by when: the sum is how many have it now. */
export const apiKeyAdoption = pgTable(
  'api_key_adoption',
  {
    keyId: uuid('key_id').notNull(),
    version: integer('version').notNull(),
    basis: text('basis', { enum: ['delivered', 'used'] }).notNull(),
    /** A minute; a whole day once it is older than two. */
    bucket: at('bucket').notNull(),
    /** Shard of the writer: two writers never touch the same row. */
    writer: text('writer').notNull(),
    devices: bigint('devices', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.keyId, table.version, table.basis, table.bucket, table.writer] })],
);

/** Requests that presented a version of a managed key, per minute, by what the version was then; version 0: that did not. */
export const apiKeyUses = pgTable(
  'api_key_uses',
  {
    keyId: uuid('key_id').notNull(),
    version: integer('version').notNull(),
    bucket: at('bucket').notNull(),
    standing: text('standing', { enum: ['staged', 'active', 'retiring', 'revoked', 'none'] }).notNull(),
    writer: text('writer').notNull(),
    requests: bigint('requests', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.keyId, table.version, table.bucket, table.standing, table.writer] }),
    index('api_key_uses_bucket').on(table.bucket),
  ],
);
