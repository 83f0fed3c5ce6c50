import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { ROLLOUT_STAGES, ROLLOUT_STATES } from '@/lib/contracts';
import { at } from './columns';
import { apps } from './registry';

/** Policies that apps inherit; a row never changes, and the newest counts. */
export const policyBaselines = pgTable('policy_baselines', {
  version: integer('version').primaryKey(),
  policy: jsonb('policy').notNull(),
  reason: text('reason').notNull(),
  publishedBy: text('published_by').notNull(),
  publishedAt: at('published_at').notNull(),
});

/** The draft of each app. The row stays when its draft is discarded or published, so that revisions never come twice. */
export const policyDrafts = pgTable('policy_drafts', {
  appId: text('app_id')
    .primaryKey()
    .references(() => apps.id),
  revision: integer('revision').notNull(),
  basedOn: integer('based_on').notNull(),
  /** Null: there is no draft now. */
  policy: jsonb('policy'),
  baselineVersion: integer('baseline_version'),
  updatedBy: text('updated_by').notNull(),
  updatedByName: text('updated_by_name').notNull(),
  updatedAt: at('updated_at').notNull(),
  /** Of exactly this revision. */
  approvedBy: text('approved_by'),
  approvedByName: text('approved_by_name'),
  approvedAt: at('approved_at'),
});

/** Versions on their way into force. At most one of an app is open. */
export const policyRollouts = pgTable(
  'policy_rollouts',
  {
    id: uuid('id').primaryKey(),
    appId: text('app_id')
      .notNull()
      .references(() => apps.id),
    version: integer('version').notNull(),
    baseVersion: integer('base_version').notNull(),
    state: text('state', { enum: ROLLOUT_STATES }).notNull(),
    stage: text('stage', { enum: ROLLOUT_STAGES }).notNull(),
    stageSince: at('stage_since').notNull(),
    /** Null: somebody has to say so. */
    nextStageAt: at('next_stage_at'),
    plan: jsonb('plan').notNull(),
    guardrail: jsonb('guardrail').notNull(),
    reason: text('reason').notNull(),
    startedBy: text('started_by').notNull(),
    startedByName: text('started_by_name').notNull(),
    startedAt: at('started_at').notNull(),
    endedAt: at('ended_at'),
    endedByName: text('ended_by_name'),
    endReason: text('end_reason'),
    /** What the guardrail saw last, and when. */
    figures: jsonb('figures'),
    checkedAt: at('checked_at'),
    seq: bigint('seq', { mode: 'number' }).notNull(),
  },
  (table) => [
    uniqueIndex('policy_rollouts_one_open').on(table.appId).where(sql`${table.state} = 'open'`),
    index('policy_rollouts_app').on(table.appId, table.startedAt.desc()),
  ],
);

/** Threats that are only observed, somewhere and for some time. A row is written once, and once more when it ends early. */
export const signalQuarantines = pgTable(
  'signal_quarantines',
  {
    id: uuid('id').primaryKey(),
    appId: text('app_id')
      .notNull()
      .references(() => apps.id),
    threat: text('threat').notNull(),
    condition: jsonb('condition').notNull(),
    reason: text('reason').notNull(),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    endedAt: at('ended_at'),
    endedByName: text('ended_by_name'),
    endReason: text('end_reason'),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    endSeq: bigint('end_seq', { mode: 'number' }),
  },
  (table) => [index('signal_quarantines_app').on(table.appId, table.createdAt.desc())],
);
