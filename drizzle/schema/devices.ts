import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { BLOCK_EFFECTS, BLOCK_ORIGINS, BLOCK_SCOPES } from '@/lib/contracts';
import { at, bytea } from './columns';

/** One installation of an app on one device. The id is derived from the attested key, so one key is one instance. */
export const deviceInstances = pgTable(
  'device_instances',
  {
    id: uuid('id').primaryKey(),
    appId: text('app_id').notNull(),
    platform: text('platform', { enum: ['ios', 'android'] }).notNull(),
    format: text('format').notNull(),
    publicKey: bytea('public_key').notNull(),
    keyId: bytea('key_id').notNull(),
    /** Last assertion counter (App Attest); 0 where the format has none. */
    counter: bigint('counter', { mode: 'number' }).notNull(),
    claims: jsonb('claims').notNull(),
    /** Claims of the newest verified Play Integrity verdict. */
    integrity: jsonb('integrity'),
    verdict: text('verdict').notNull(),
    /** Entries of the trust vector in AR4SI's order, separated by spaces. */
    vector: text('vector').notNull(),
    appVersion: text('app_version').notNull(),
    osVersion: text('os_version').notNull(),
    model: text('model').notNull(),
    country: text('country'),
    asn: integer('asn'),
    networkPrefix: text('network_prefix'),
    /** Version of the app's configuration that the device held when it last attested; 0 where that is not known. */
    configVersion: integer('config_version').notNull().default(0),
    evidenceAt: at('evidence_at').notNull(),
    /** When a person asked for new evidence: an older enrolment vouches for nothing any more. */
    reenrolAskedAt: at('reenrol_asked_at'),
    firstSeenAt: at('first_seen_at').notNull(),
    lastSeenAt: at('last_seen_at').notNull(),
    /**
     * Place in lists: when it was last seen, or up to half an hour before, the longer the busier the service is. What an index
     * holds makes every update of a row write every index anew; so that not every attestation does, the exact time is in none.
     */
    listedAt: at('listed_at').notNull().defaultNow(),
  },
  (table) => [
    index('device_instances_listed').on(table.listedAt.desc(), table.id),
    index('device_instances_app_listed').on(table.appId, table.listedAt.desc(), table.id),
    index('device_instances_network').on(table.networkPrefix),
  ],
);

/** Decisions to refuse something, to count what that would refuse, or to let it pass. A lifted one stays as history. */
export const blocks = pgTable(
  'blocks',
  {
    id: uuid('id').primaryKey(),
    scope: text('scope', { enum: BLOCK_SCOPES }).notNull(),
    /** Null for every app. */
    appId: text('app_id'),
    target: text('target').notNull(),
    effect: text('effect', { enum: BLOCK_EFFECTS }).notNull().default('refuse'),
    origin: text('origin', { enum: BLOCK_ORIGINS }).notNull().default('person'),
    /** Who answers for an allowlist entry. */
    owner: text('owner'),
    /** The bulk act or import that it was made by. */
    batchId: uuid('batch_id'),
    reason: text('reason').notNull(),
    /** What the incident is called where it is kept. */
    incident: text('incident'),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at'),
    /** Position of the block in the change feed, by which its enforcement is proved. */
    seq: bigint('seq', { mode: 'number' }).notNull(),
    liftedAt: at('lifted_at'),
    liftedBy: text('lifted_by'),
    liftedByName: text('lifted_by_name'),
    liftReason: text('lift_reason'),
    liftSeq: bigint('lift_seq', { mode: 'number' }),
  },
  (table) => [
    uniqueIndex('blocks_one_active')
      .on(table.scope, table.target, sql`coalesce(${table.appId}, '')`, table.effect)
      .where(sql`${table.liftedAt} is null`),
    index('blocks_batch').on(table.batchId).where(sql`${table.batchId} is not null`),
    index('blocks_by_rule').on(table.createdBy, table.createdAt.desc()).where(sql`${table.origin} = 'rule'`),
    // What a rule blocks always ends by itself: who asks what of it is in force reads that, and none of what has ended.
    index('blocks_of_rule_in_force')
      .on(table.createdBy, table.expiresAt)
      .where(sql`${table.origin} = 'rule' and ${table.liftedAt} is null`),
    index('blocks_created_at').on(table.createdAt.desc(), table.id),
    // Spelled as the filter is: a reference means the same in whatever case.
    index('blocks_incident')
      .on(sql`lower(${table.incident})`, table.createdAt.desc())
      .where(sql`${table.incident} is not null`),
    index('blocks_target').on(table.target, table.createdAt.desc()),
  ],
);
