import { bigint, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns';

/**
 * "No token that was issued before this is good." A row never changes and is never taken back: of several for one
 * target the latest counts.
 */
export const cutOffs = pgTable(
  'cut_offs',
  {
    id: uuid('id').primaryKey(),
    scope: text('scope', { enum: ['organisation', 'app', 'signing_key', 'api', 'instance'] }).notNull(),
    /** Id of the app, key, API or instance; of the organisation its own. */
    target: text('target').notNull(),
    /** The app that it concerns, where that is one. */
    appId: text('app_id'),
    /** A whole second. */
    notBefore: at('not_before').notNull(),
    reason: text('reason').notNull(),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    createdAt: at('created_at').notNull(),
    /** Position in the change feed, by which its enforcement is proved. */
    seq: bigint('seq', { mode: 'number' }).notNull(),
  },
  (table) => [index('cut_offs_target').on(table.scope, table.target, table.notBefore.desc())],
);
