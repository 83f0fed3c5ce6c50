import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { at } from './columns';

/** One act that makes many blocks: the devices of a query, or a list. It is done and undone in bounded steps. */
export const blockBatches = pgTable(
  'block_batches',
  {
    id: uuid('id').primaryKey(),
    state: text('state', { enum: ['open', 'done', 'undoing', 'undone'] }).notNull(),
    /** What was asked for, as the page stated it. */
    query: jsonb('query').notNull(),
    reason: text('reason').notNull(),
    /** Goes into every block that it makes. */
    incident: text('incident'),
    expiresAt: at('expires_at'),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    createdAt: at('created_at').notNull(),
    /** When its last step was done: one that is under way is told by it from one that was left. */
    steppedAt: at('stepped_at'),
    devices: integer('devices').notNull(),
    handled: integer('handled').notNull(),
    blocked: integer('blocked').notNull(),
    lifted: integer('lifted').notNull(),
    seq: bigint('seq', { mode: 'number' }),
  },
  (table) => [
    check('block_batches_counts', sql`${table.handled} between 0 and ${table.devices}`),
    index('block_batches_unfinished')
      .on(table.createdAt.desc())
      .where(sql`${table.state} in ('open', 'undoing')`),
  ],
);

/** Devices that an open act has not come to yet; each row goes with the step that handles it. */
export const blockBatchTargets = pgTable(
  'block_batch_targets',
  {
    batchId: uuid('batch_id').notNull(),
    instanceId: uuid('instance_id').notNull(),
    appId: text('app_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.batchId, table.instanceId] })],
);

/** What a block refused, a simulation would have refused, or an allowlist entry lifted, by the hour and writer. */
export const blockHits = pgTable(
  'block_hits',
  {
    blockId: uuid('block_id').notNull(),
    hour: at('hour').notNull(),
    writer: text('writer').notNull(),
    attestations: bigint('attestations', { mode: 'number' }).notNull(),
    requests: bigint('requests', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.blockId, table.hour, table.writer] }),
    index('block_hits_hour').on(table.hour),
  ],
);

/** A rule of one app that blocks devices which were refused again and again. A rule that was deleted stays as history. */
export const blockRules = pgTable(
  'block_rules',
  {
    id: uuid('id').primaryKey(),
    appId: text('app_id').notNull(),
    name: text('name').notNull(),
    subject: text('subject', { enum: ['instance', 'hardware'] }).notNull(),
    effect: text('effect', { enum: ['refuse', 'simulate'] }).notNull(),
    /** Threats that must have decided the refusal; none for every one that counts. */
    threats: text('threats').array().notNull(),
    refusals: integer('refusals').notNull(),
    windowSeconds: integer('window_seconds').notNull(),
    durationSeconds: integer('duration_seconds').notNull(),
    escalates: boolean('escalates').notNull(),
    /** What it may block of its app within a day, in devices and in percent of those seen; beyond, it stops itself. */
    mostDevices: integer('most_devices').notNull(),
    mostPercent: integer('most_percent').notNull(),
    reason: text('reason').notNull(),
    state: text('state', { enum: ['active', 'paused', 'stopped'] }).notNull(),
    /** Why it stopped itself, and when. */
    stoppedWhy: text('stopped_why'),
    stoppedAt: at('stopped_at'),
    revision: integer('revision').notNull(),
    createdAt: at('created_at').notNull(),
    createdByName: text('created_by_name').notNull(),
    updatedAt: at('updated_at').notNull(),
    updatedByName: text('updated_by_name').notNull(),
    /** When it was last looked at whom it concerns, and whether that failed. */
    evaluatedAt: at('evaluated_at'),
    evaluationError: text('evaluation_error'),
    deletedAt: at('deleted_at'),
  },
  (table) => [
    uniqueIndex('block_rules_name').on(table.appId, table.name).where(sql`${table.deletedAt} is null`),
    check(
      'block_rules_limits',
      sql`${table.refusals} > 0 and ${table.windowSeconds} > 0
      and ${table.durationSeconds} > 0 and ${table.mostDevices} > 0 and ${table.mostPercent} between 1 and 100`,
    ),
  ],
);
