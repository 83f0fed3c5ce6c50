import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
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
