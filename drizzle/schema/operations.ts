import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns';

/** Every change made by a person, a token or the system. Append-only: no role may update or delete. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: at('at').notNull(),
    actorKind: text('actor_kind', { enum: ['staff', 'system', 'cli'] }).notNull(),
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    action: text('action').notNull(),
    targetKind: text('target_kind').notNull(),
    targetId: text('target_id').notNull(),
    appId: text('app_id'),
    reason: text('reason'),
    detail: jsonb('detail').notNull(),
    changeSeq: bigint('change_seq', { mode: 'number' }),
  },
  (table) => [
    index('audit_log_at').on(table.at.desc(), table.id.desc()),
    index('audit_log_actor').on(table.actorId, table.at.desc()),
    index('audit_log_target').on(table.targetKind, table.targetId, table.at.desc()),
  ],
);

/** The one counter that gives changes their dense order; a new epoch tells every reader to start over. */
export const changeFeed = pgTable('change_feed', {
  id: integer('id').primaryKey(),
  epoch: uuid('epoch').notNull(),
  seq: bigint('seq', { mode: 'number' }).notNull(),
});

/** Everything that service nodes must obey, in commit order. */
export const changeLog = pgTable('change_log', {
  seq: bigint('seq', { mode: 'number' }).primaryKey(),
  epoch: uuid('epoch').notNull(),
  topic: text('topic').notNull(),
  payload: jsonb('payload').notNull(),
  committedAt: at('committed_at').notNull(),
});

/** Nodes of the attestation service, with how far each has followed the change feed. */
export const serviceNodes = pgTable('service_nodes', {
  id: text('id').primaryKey(),
  version: text('version').notNull(),
  startedAt: at('started_at').notNull(),
  lastSeenAt: at('last_seen_at').notNull(),
  epoch: uuid('epoch').notNull(),
  appliedSeq: bigint('applied_seq', { mode: 'number' }).notNull(),
  clockSkewMs: integer('clock_skew_ms').notNull(),
  /** Policies in force that the node is too old for: `unsupportedPolicySchema` each. */
  unsupportedPolicies: jsonb('unsupported_policies').notNull().default([]),
  stoppedAt: at('stopped_at'),
});

/** When each node began to enforce everything up to `seq`, by the clock of the database. */
export const changeAcks = pgTable(
  'change_acks',
  {
    seq: bigint('seq', { mode: 'number' }).notNull(),
    nodeId: text('node_id').notNull(),
    appliedAt: at('applied_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.seq, table.nodeId] }),
    index('change_acks_applied').on(table.appliedAt),
  ],
);
